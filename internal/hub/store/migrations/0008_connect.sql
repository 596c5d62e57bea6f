-- +goose Up

-- When the recount that gathers what agents sent is due, and whether one is waiting.
ALTER TABLE enterprise ADD COLUMN recount_due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enterprise ADD COLUMN recount_waits BOOLEAN NOT NULL DEFAULT FALSE;

-- How old what counts of a source may be, in days; 0: by how its accounts come.
ALTER TABLE source ADD COLUMN age_days BIGINT NOT NULL DEFAULT 0;

-- The input version that an upload made when it was applied: a result of that version or a later one counts it.
ALTER TABLE upload ADD COLUMN applied_version BIGINT NOT NULL DEFAULT 0;

-- Agents that ask for a connection. They belong to no enterprise before an owner has approved them, so this table alone
-- has a key that does not begin with one. Of the code that the agent keeps, the digest is here; of the code that a
-- person types, the text.
CREATE TABLE pairing (
    id             TEXT    PRIMARY KEY,
    device_hash    BYTEA   NOT NULL UNIQUE,
    user_code      TEXT    NOT NULL UNIQUE,
    statement_id   TEXT    NOT NULL UNIQUE,
    state          TEXT    NOT NULL CHECK (state IN ('open', 'approved', 'denied')),
    server_id      TEXT    NOT NULL,
    host_name      TEXT    NOT NULL,
    http_only      BOOLEAN NOT NULL,
    version        TEXT    NOT NULL,
    instance_key   BYTEA   NOT NULL,
    connection_key BYTEA   NOT NULL,
    created_at     BIGINT  NOT NULL,
    expires_at     BIGINT  NOT NULL,
    polled_at      BIGINT  NOT NULL DEFAULT 0,
    pause          BIGINT  NOT NULL,
    enterprise     BIGINT  NOT NULL DEFAULT 0,
    connection     TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX pairing_expiry ON pairing (expires_at);

-- The pairing of an agent with an enterprise. The id is known to the agent, which signs it; no secret is here but the
-- lease, which opens nothing without the agent's key.
CREATE TABLE connection (
    enterprise  BIGINT  NOT NULL REFERENCES enterprise (id),
    id          TEXT    NOT NULL,
    source      BIGINT  NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('active', 'ended')),
    public_key  BYTEA   NOT NULL,
    next_key    BYTEA   NOT NULL,
    next_until  BIGINT  NOT NULL DEFAULT 0,
    lease       TEXT    NOT NULL DEFAULT '',
    attempt     TEXT    NOT NULL DEFAULT '',
    any_lease   BOOLEAN NOT NULL DEFAULT FALSE,
    created_at  BIGINT  NOT NULL,
    created_by  TEXT    NOT NULL,
    token_at    BIGINT  NOT NULL DEFAULT 0,
    asked_at    BIGINT  NOT NULL DEFAULT 0,
    trouble     TEXT    NOT NULL DEFAULT '',
    trouble_at  BIGINT  NOT NULL DEFAULT 0,
    record      TEXT    NOT NULL DEFAULT '',
    record_at   BIGINT  NOT NULL DEFAULT 0,
    ended_at    BIGINT  NOT NULL DEFAULT 0,
    ended_by    TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (enterprise, id)
);
CREATE UNIQUE INDEX connection_id ON connection (id);
CREATE UNIQUE INDEX connection_of ON connection (enterprise, source) WHERE state = 'active';

CREATE TABLE connect_token (
    enterprise BIGINT NOT NULL REFERENCES enterprise (id),
    connection TEXT   NOT NULL,
    hash       BYTEA  NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (enterprise, connection, hash)
);

-- Assertions that were used, until they would have expired.
CREATE TABLE connect_assertion (
    enterprise BIGINT NOT NULL REFERENCES enterprise (id),
    connection TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (enterprise, connection, id)
);

-- What somebody pressed Sync now for on the hub.
CREATE TABLE sync_request (
    enterprise BIGINT NOT NULL REFERENCES enterprise (id),
    id         TEXT   NOT NULL,
    source     BIGINT NOT NULL,
    connection TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('open', 'arrived', 'failed', 'lapsed')),
    actor      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    upload     TEXT   NOT NULL DEFAULT '',
    error_key  TEXT   NOT NULL DEFAULT '',
    error_args TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (enterprise, id)
);
CREATE UNIQUE INDEX sync_request_open ON sync_request (enterprise, source) WHERE state = 'open';
CREATE INDEX sync_request_of ON sync_request (enterprise, source, created_at);
