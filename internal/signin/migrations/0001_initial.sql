-- +goose Up

-- One text for SQLite and PostgreSQL. Times are microseconds UTC, 0 for none. Secrets are kept as the SHA-256 of
-- their text, in hexadecimal. An enterprise is a number that the role gives; 0 is the role itself.

CREATE TABLE api_token (
    enterprise   BIGINT NOT NULL,
    id           TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    scopes       TEXT   NOT NULL, -- with a space between two
    instance     BIGINT NOT NULL, -- the one it may upload for, 0 for none
    hash         TEXT   NOT NULL,
    created_by   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL DEFAULT 0,
    revoked_at   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (enterprise, id)
);
-- Who asks is not known before the token is found: this one key does not begin with the enterprise.
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE UNIQUE INDEX api_token_name ON api_token (enterprise, name) WHERE revoked_at = 0;

CREATE TABLE owner (
    enterprise      BIGINT NOT NULL,
    id              TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    email           TEXT   NOT NULL, -- as written, empty for none
    role            TEXT   NOT NULL CHECK (role IN ('owner', 'billing_manager', 'auditor')),
    created_by      TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    joined_at       BIGINT NOT NULL DEFAULT 0,
    link_hash       TEXT, -- NULL when no link is open
    link_expires_at BIGINT NOT NULL,
    PRIMARY KEY (enterprise, id)
);
CREATE UNIQUE INDEX owner_link ON owner (link_hash);
CREATE UNIQUE INDEX owner_name ON owner (enterprise, name);

-- The audit log, numbered per enterprise without gaps. Each hash covers the row and the hash before it.
CREATE TABLE audit_entry (
    enterprise BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    actor      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    target     TEXT   NOT NULL,
    details    TEXT   NOT NULL, -- a JSON object, the very bytes that were hashed
    hash       TEXT   NOT NULL,
    PRIMARY KEY (enterprise, number)
);

-- The two ends of each log: what comes before the first entry that is kept, and the last entry.
CREATE TABLE audit_chain (
    enterprise  BIGINT PRIMARY KEY,
    base_number BIGINT NOT NULL,
    base_hash   TEXT   NOT NULL,
    last_number BIGINT NOT NULL,
    last_hash   TEXT   NOT NULL
);
