curl https://example.com/hook \
  -H "Content-Type: application/json" -d @- <<EOF
{
  "id": 480601,
  "customer_phone": "+4915123456789",
  "assistant_phone": "+494066969700",
  "duration": 95,
  "status": "completed",
  "extracted_variables": {
    "status": true,
    "summary": "Möchte „morgen“ zurückgerufen werden {wichtig}",
    "price": 1.1
  },
  "input_variables": {
    "customer_name": "Jörg Groß"
  },
  "transcript": "Assistant: Guten Tag, Praxis Dr. Möller \\"am Markt\\".\\nCustomer: Ja, hallo 👋, ich brauche einen Termin.",
  "recording_url": null,
  "created_at": "2024-01-15T10:30:00Z",
  "finished_at": "2024-01-15T10:31:40Z",
  "lead": null,
  "campaign": null
}
EOF
cat > call.json <<-'EOF'
	{"id":480602,"customer_phone":"+4917123456780","assistant_phone":"+494066969700","duration":42,"status":"completed","extracted_variables":{"status":false,"summary":"Kein Interesse; Preis \\ Leistung"},"input_variables":{},"transcript":"Assistant: Guten Tag!\nCustomer: Nein, danke.","recording_url":"https://recordings.famulor.de/call-480602.mp3","created_at":"2024-01-15T11:00:00Z","finished_at":"2024-01-15T11:00:50Z","lead":null,"campaign":null}
	EOF
curl https://example.com/hook -d @call.json
