Invoke-WebRequest -UseBasicParsing -Uri "https://example.com/hooks/famulor" `
-Method "POST" `
-ContentType "application/json" `
-Body "{`"id`":480601,`"customer_phone`":`"+4915123456789`",`"assistant_phone`":`"+494066969700`",`"duration`":95,`"status`":`"completed`",`"extracted_variables`":{`"status`":true,`"summary`":`"M$([char]246)chte $([char]8222)morgen$([char]8220) zur$([char]252)ckgerufen werden {wichtig}`",`"price`":1.1},`"input_variables`":{`"customer_name`":`"J$([char]246)rg Gro$([char]223)`"},`"transcript`":`"Assistant: Guten Tag, Praxis Dr. M$([char]246)ller \`"am Markt\`".\nCustomer: Ja, hallo $([char]55357)$([char]56395), ich brauche einen Termin.`",`"recording_url`":null,`"created_at`":`"2024-01-15T10:30:00Z`",`"finished_at`":`"2024-01-15T10:31:40Z`",`"lead`":null,`"campaign`":null}"

$body = @'
{
  "id": 480602,
  "customer_phone": "+4917123456780",
  "assistant_phone": "+494066969700",
  "duration": 42,
  "status": "completed",
  "extracted_variables": {
    "status": false,
    "summary": "Kein Interesse; Preis \\ Leistung"
  },
  "input_variables": {},
  "transcript": "Assistant: Guten Tag!\nCustomer: Nein, danke.",
  "recording_url": "https://recordings.famulor.de/call-480602.mp3",
  "created_at": "2024-01-15T11:00:00Z",
  "finished_at": "2024-01-15T11:00:50Z",
  "lead": null,
  "campaign": null
}
'@
Invoke-RestMethod -Method Post -Uri https://example.com/hooks/famulor -Body $body
