//! The captures in which users save calls, for `--as`. Each is written as the tool in its comment
//! writes it; `samples/captures` has a small file of each.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use clap::ValueEnum;

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Form {
    /// One body per line.
    Jsonl,
    /// One array on one line, as `JSON.stringify` writes it.
    Array,
    /// Items of n8n's Webhook node, saved by its node "Convert to File".
    N8n,
    /// The requests of a token from the API of webhook.site, with the bodies as text.
    WebhookSite,
    /// The archive of a browser or proxy (HAR 1.2), indented, with the bodies as text.
    Har,
    /// Docker's json-file log of a receiver that prints each body.
    Docker,
    /// The log of a receiver, with a timestamp, the level and a name before each body.
    Log,
    /// The requests as sent over one connection.
    Http,
    /// A table of a database with the body in a column.
    Csv,
    /// `jsonl`, compressed with gzip.
    Gzip,
}

/// The parts of a capture. Between `<` and `>` is the name of a slot, see [`FormWriter::slot`].
struct Layout {
    start: &'static str,
    call: &'static str,
    /// The text between two calls.
    separator: &'static str,
    end: &'static str,
}

const LINES: Layout = Layout {
    start: "",
    call: "<body>\n",
    separator: "",
    end: "",
};
const ARRAY: Layout = Layout {
    start: "[",
    call: "<body>",
    separator: ",",
    end: "]\n",
};
const N8N: Layout = Layout {
    call: concat!(
        r#"{"headers":{"host":"hooks.example.com","content-type":"application/json""#,
        r#","content-length":"<length>","user-agent":"GuzzleHttp/7"},"params":{},"query":{}"#,
        r#","body":<body>,"webhookUrl":"https://n8n.example.com/webhook/calls""#,
        r#","executionMode":"production"}"#,
    ),
    ..ARRAY
};
const WEBHOOK_SITE: Layout = Layout {
    start: r#"{"data":["#,
    call: concat!(
        r#"{"uuid":"a2a6a4ef-4130-452d-9d2d-<number>","type":"web""#,
        r#","token_id":"0b8c5c8e-6a3d-4f6e-9d53-6c8f3b1d2e4f","ip":"203.0.113.7""#,
        r#","hostname":"webhook.site","method":"POST","user_agent":"GuzzleHttp/7","content":<text>"#,
        r#","query":null,"headers":{"host":["webhook.site"],"content-type":["application/json"]"#,
        r#","content-length":["<length>"],"user-agent":["GuzzleHttp/7"]}"#,
        r#","url":"https://webhook.site/0b8c5c8e-6a3d-4f6e-9d53-6c8f3b1d2e4f","size":<length>"#,
        r#","files":[],"created_at":"<date> <time>","updated_at":"<date> <time>"}"#,
    ),
    separator: ",",
    end: concat!(
        r#"],"total":<count>,"per_page":<count>,"current_page":1,"is_last_page":true"#,
        r#","from":1,"to":<count>}"#,
    ),
};
const HAR: Layout = Layout {
    start: r#"{
  "log": {
    "version": "1.2",
    "creator": {
      "name": "Firefox",
      "version": "121.0"
    },
    "entries": ["#,
    call: r#"
      {
        "startedDateTime": "<date>T<time>.000Z",
        "time": 12.5,
        "request": {
          "method": "POST",
          "url": "https://hooks.example.com/calls",
          "httpVersion": "HTTP/1.1",
          "headers": [
            {
              "name": "Content-Type",
              "value": "application/json"
            }
          ],
          "queryString": [],
          "cookies": [],
          "headersSize": -1,
          "bodySize": <length>,
          "postData": {
            "mimeType": "application/json",
            "text": <text>
          }
        },
        "response": {
          "status": 200,
          "statusText": "OK",
          "httpVersion": "HTTP/1.1",
          "headers": [],
          "cookies": [],
          "content": {
            "size": 2,
            "mimeType": "text/plain",
            "text": "ok"
          },
          "redirectURL": "",
          "headersSize": -1,
          "bodySize": 2
        },
        "cache": {},
        "timings": {
          "send": 0,
          "wait": 12.5,
          "receive": 0
        }
      }"#,
    separator: ",",
    end: "\n    ]\n  }\n}\n",
};
const DOCKER: Layout = Layout {
    call: concat!(
        r#"{"log":<logged text>,"stream":"stdout","time":"<date>T<time>.123456789Z"}"#,
        "\n"
    ),
    ..LINES
};
const LOG: Layout = Layout {
    call: "<date> <time>,123 INFO receiver: <body>\n",
    ..LINES
};
const HTTP: Layout = Layout {
    call: concat!(
        "POST /calls HTTP/1.1\r\nHost: hooks.example.com\r\nUser-Agent: GuzzleHttp/7\r\n",
        "Content-Type: application/json\r\nContent-Length: <length>\r\n\r\n<body>",
    ),
    ..LINES
};
const CSV: Layout = Layout {
    start: "id,received_at,headers,payload\n",
    call: "<row>",
    ..LINES
};

/// Docker keeps a longer line in several records, which [`DOCKER`] does not.
const DOCKER_LINE: usize = 16 * 1024;

/// Writes calls in one form.
pub(crate) struct FormWriter<W> {
    layout: Layout,
    target: W,
    /// Number of calls that are written.
    count: u32,
}

impl<W: Write> FormWriter<W> {
    /// Writes the start of the capture. `gzip` is written as `jsonl`: the caller compresses it.
    pub(crate) fn new(form: Form, mut target: W) -> io::Result<Self> {
        let layout = match form {
            Form::Jsonl | Form::Gzip => LINES,
            Form::Array => ARRAY,
            Form::N8n => N8N,
            Form::WebhookSite => WEBHOOK_SITE,
            Form::Har => HAR,
            Form::Docker => DOCKER,
            Form::Log => LOG,
            Form::Http => HTTP,
            Form::Csv => CSV,
        };
        target.write_all(layout.start.as_bytes())?;
        Ok(Self {
            layout,
            target,
            count: 0,
        })
    }

    /// Writes a call that was `received` at this time.
    pub(crate) fn write(&mut self, body: &str, received: DateTime<Utc>) -> io::Result<()> {
        if self.count > 0 {
            self.target.write_all(self.layout.separator.as_bytes())?;
        }
        self.count += 1;
        self.fill(self.layout.call, body, received)
    }

    /// Writes the end of the capture.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.fill(self.layout.end, "", DateTime::UNIX_EPOCH)?;
        self.target.flush()?;
        Ok(self.target)
    }

    /// Writes `text` with its slots filled.
    fn fill(&mut self, text: &str, body: &str, received: DateTime<Utc>) -> io::Result<()> {
        let mut parts = text.split('<');
        let start = parts.next().unwrap_or_default();
        self.target.write_all(start.as_bytes())?;
        for part in parts {
            let (name, plain) = part.split_once('>').unwrap_or((part, ""));
            if name == "body" {
                self.target.write_all(body.as_bytes())?;
            } else {
                let value = self.slot(name, body, received);
                self.target.write_all(value.as_bytes())?;
            }
            self.target.write_all(plain.as_bytes())?;
        }
        Ok(())
    }

    /// The value of the slot with this name.
    fn slot(&self, name: &str, body: &str, received: DateTime<Utc>) -> String {
        match name {
            "text" => json_string(body),
            "logged text" => docker_string(body),
            "row" => csv_row(self.count, body, received),
            "length" => body.len().to_string(),
            "date" => received.date_naive().to_string(),
            "time" => received.format("%T").to_string(),
            "count" => self.count.to_string(),
            "number" => format!("{:012x}", self.count),
            _ => unreachable!("no slot has the name {name}"),
        }
    }
}

fn json_string(text: &str) -> String {
    serde_json::to_string(text).expect("text is always JSON")
}

/// A line as Docker's logger writes it, which escapes the special characters of HTML like other
/// encoders in Go: <https://github.com/moby/moby/tree/master/daemon/logger/jsonfilelog/jsonlog>.
fn docker_string(line: &str) -> String {
    assert!(line.len() < DOCKER_LINE, "Docker would split this line");
    json_string(&format!("{line}\n"))
        .replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

/// A row of the table: number, time, headers and body.
fn csv_row(number: u32, body: &str, received: DateTime<Utc>) -> String {
    let headers = format!(
        r#"{{"host":"hooks.example.com","content-type":"application/json","content-length":"{}"}}"#,
        body.len()
    );
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells = [
        &number.to_string(),
        &received.format("%F %T").to_string(),
        &headers,
        body,
    ];
    writer.write_record(cells).expect("a Vec takes every write");
    let row = writer.into_inner().expect("a Vec takes every write");
    String::from_utf8(row).expect("all cells are text")
}
