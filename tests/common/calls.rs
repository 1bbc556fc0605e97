//! Sample calls.

use serde_json::{Value, json};

/// A call body with these extracted variables.
pub(crate) fn call(id: u64, extracted: &Value) -> Value {
    json!({
        "id": id, "customer_phone": "+4915123456789", "assistant_phone": null, "duration": 3725, "status": "completed",
        "extracted_variables": extracted, "input_variables": {}, "transcript": "Assistant: Guten Tag!\nCustomer: =1+1",
        "recording_url": "https://recordings.famulor.de/call.mp3",
        "created_at": "2024-01-15T10:30:00+01:00", "finished_at": "2024-01-15T10:33:00Z", "lead": null, "campaign": null,
    })
}
