-- +goose Up

-- The pairing with a hub, one row: the last one that there was. The document is the role's, and holds what the agent
-- presents to the hub with its next call; the key that it signs with is in a file beside the database.
CREATE TABLE connection (
    id       BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    state    TEXT   NOT NULL CHECK (state IN ('pairing', 'connected', 'ended')),
    hub      TEXT   NOT NULL,
    document TEXT   NOT NULL
);

-- Runs of license sync. due_at is when something is to be done for a run that is not over, or a held one to be asked
-- about.
CREATE TABLE sync_run (
    number     BIGINT NOT NULL PRIMARY KEY,
    cause      TEXT   NOT NULL CHECK (cause IN ('schedule', 'manual', 'change', 'request')),
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'checking', 'retrying', 'succeeded', 'held', 'failed', 'superseded')),
    actor      TEXT   NOT NULL,
    asked_at   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    started_at BIGINT NOT NULL DEFAULT 0,
    ended_at   BIGINT NOT NULL DEFAULT 0,
    attempt    BIGINT NOT NULL DEFAULT 0,
    sequence   BIGINT NOT NULL DEFAULT 0,
    document   TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX sync_run_state ON sync_run (state, number);
