"""Figures of `postcall stats --by campaign` with DuckDB, as CSV with postcall's columns: the calls,
the rates, the leads, the campaigns, and the answer rate by hour and weekday in Europe/Berlin.

Only what the corpus needs is computed: no copies of a call, one spelling of each status, transcripts
with labelled lines. Every campaign of the corpus has calls that were not connected.
"""

import sys

import duckdb

CALLS = """
CREATE TABLE calls AS
SELECT
    id,
    status IN ('completed', 'ended_by_customer') OR status = 'failed' AND duration > 0 AS connected,
    duration,
    extracted_variables.status AS goal,
    campaign.id AS campaign,
    lead.id AS lead,
    timezone('Europe/Berlin', created_at) AS local,
    created_at,
    regexp_matches(transcript, '(?m)^(Kunde|Customer): .*\\p{L}') AS two_way,
    len(regexp_extract_all(transcript, '(?m)^(Kunde|Customer): ')) AS turns,
FROM read_json(?, format = 'newline_delimited', columns = {
    id: 'BIGINT', duration: 'BIGINT', status: 'VARCHAR', transcript: 'VARCHAR', created_at: 'TIMESTAMPTZ',
    extracted_variables: 'STRUCT(status BOOLEAN)', campaign: 'STRUCT(id BIGINT)', lead: 'STRUCT(id BIGINT)'
})
"""

# Each row has the columns section, group, figure, numerator, denominator, value.
FIGURES = """
WITH answered AS (
    SELECT *, row_number() OVER (PARTITION BY campaign, lead ORDER BY created_at, id) AS attempt
    FROM calls WHERE campaign IS NOT NULL
),
leads AS (
    SELECT campaign, lead, bool_or(connected) AS reached, bool_or(connected AND attempt = 1) AS reached_first
    FROM answered GROUP BY ALL
),
conversations AS (SELECT * FROM calls WHERE connected AND two_way AND turns >= 2 AND duration >= 30)
SELECT 'calls', '', 'calls', NULL, NULL, count(*) FROM calls
UNION ALL SELECT 'calls', '', 'connected', NULL, NULL, count(*) FROM calls WHERE connected
UNION ALL SELECT 'calls', '', 'not_connected', NULL, NULL, count(*) FROM calls WHERE NOT connected
UNION ALL SELECT 'calls', '', 'talk_time', NULL, NULL, sum(duration) FROM calls WHERE connected
UNION ALL SELECT 'calls', '', 'median_talk_time', NULL, NULL, median(duration) FROM calls WHERE connected
UNION ALL SELECT 'calls', '', 'p90_talk_time', NULL, NULL, quantile_disc(duration, 0.9) FROM calls WHERE connected
UNION ALL SELECT 'calls', '', 'max_talk_time', NULL, NULL, max(duration) FROM calls WHERE connected
UNION ALL SELECT 'rates', '', 'answered', count(*) FILTER (connected), count(*), NULL FROM answered
UNION ALL SELECT 'rates', '', 'two_way', count(*) FILTER (two_way), count(*), NULL FROM calls WHERE connected
UNION ALL SELECT 'rates', '', 'conversations', (SELECT count(*) FROM conversations), count(*), NULL FROM calls WHERE connected
UNION ALL SELECT 'rates', '', 'goals_of_conversations', count(*) FILTER (goal), count(*), NULL FROM conversations
UNION ALL SELECT 'rates', '', 'goals_of_connected', count(*) FILTER (goal), count(*), NULL FROM calls WHERE connected
UNION ALL SELECT 'leads', '', 'leads', NULL, NULL, count(*) FROM leads
UNION ALL SELECT 'leads', '', 'reached', count(*) FILTER (reached), count(*), NULL FROM leads
UNION ALL SELECT 'leads', '', 'reached_at_first_attempt', count(*) FILTER (reached_first), count(*), NULL FROM leads
UNION ALL SELECT 'attempts', attempt::VARCHAR, 'answered', count(*) FILTER (connected), count(*), NULL FROM answered GROUP BY attempt
UNION ALL SELECT 'groups', campaign::VARCHAR, 'calls', NULL, NULL, count(*) FROM answered GROUP BY campaign
UNION ALL SELECT 'groups', campaign::VARCHAR, 'connected', NULL, NULL, count(*) FILTER (connected) FROM answered GROUP BY campaign
UNION ALL SELECT 'groups', campaign::VARCHAR, 'answered', count(*) FILTER (connected), count(*), NULL FROM answered GROUP BY campaign
UNION ALL SELECT 'groups', campaign::VARCHAR, 'talk_time', NULL, NULL, sum(duration) FILTER (connected) FROM answered GROUP BY campaign
UNION ALL SELECT 'week', lower(dayname(local)) || ' ' || strftime(local, '%H'), 'answered', count(*) FILTER (connected), count(*), NULL
    FROM answered GROUP BY 2
"""

source, target = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET threads = 2")
connection.execute("SET TimeZone = 'UTC'")
connection.execute(CALLS, [source])
heading = "(section, \"group\", figure, numerator, denominator, value)"
connection.execute(f"COPY (SELECT * FROM ({FIGURES}) AS figures{heading}) TO '{target}' (FORMAT csv, HEADER)")
