curl https://example.com -d @- <<EOF
{
  "id": 480701,
  "customer_phone": "+4915123456789",
  "assistant_phone": "+4930901820",
  "transcript": "C:\\\\new, 5 \$, it's \\"Bo\\""
}
EOF
curl https://example.com -d @- <<-'EOF'
	{"id": 480702, "customer_phone": "+4915123456789", "assistant_phone": "+4930901820", "transcript": "C:\\new, 5 $, it's \"Bo\""}
	EOF
curl https://example.com -d "{
  \"id\": 480703,
  \"customer_phone\": \"+4915123456789\",
  \"assistant_phone\": \"+4930901820\",
  \"transcript\": \"C:\\\\new\"
}"
cat > body.json <<EOF
{"id": 480704, "customer_phone": "+4915123456789", "assistant_phone": "+4930901820", "transcript": "$name"}
EOF
