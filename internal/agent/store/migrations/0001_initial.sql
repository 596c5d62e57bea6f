-- +goose Up

-- One text for SQLite and PostgreSQL: TEXT, BIGINT and BOOLEAN, nothing else. Times are microseconds UTC, 0 for none.

-- The agent itself, one row. The pointers are numbers of readings, 0 for none.
CREATE TABLE agent (
    id           BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seats        BIGINT NOT NULL DEFAULT 0,
    counts       BIGINT NOT NULL DEFAULT 0,
    held         BIGINT NOT NULL DEFAULT 0,
    next_reading BIGINT NOT NULL DEFAULT 1,
    server_id    TEXT   NOT NULL,
    place        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);

-- Every time the source was read, whatever came of it.
CREATE TABLE reading (
    number        BIGINT NOT NULL PRIMARY KEY,
    state         TEXT   NOT NULL CHECK (state IN ('staging', 'held', 'counts', 'replaced', 'unchanged', 'refused', 'discarded')),
    actor         TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    started_at    BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL DEFAULT 0,
    source_at     BIGINT NOT NULL DEFAULT 0,
    source_bytes  BIGINT NOT NULL DEFAULT 0,
    source_digest TEXT   NOT NULL DEFAULT '',
    snapshot      BIGINT NOT NULL DEFAULT 0,
    document      TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX reading_state ON reading (state, number);

-- The accounts of the reading that counts, and of the one that is being made or held. shared: another account has the
-- same address. sign_in: 0 unknown, 1 seen, 2 none seen.
CREATE TABLE account (
    reading   BIGINT  NOT NULL,
    user_id   TEXT    NOT NULL,
    sort_key  TEXT    NOT NULL,
    search    TEXT    NOT NULL,
    login     TEXT    NOT NULL,
    email     TEXT    NOT NULL,
    email_key TEXT    NOT NULL,
    cause     TEXT    NOT NULL,
    sign_in   BIGINT  NOT NULL,
    shared    BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (reading, user_id)
);
CREATE INDEX account_order ON account (reading, sort_key, user_id);
CREATE INDEX account_email ON account (reading, email_key) WHERE email_key <> '';

-- Snapshots; the users are in a sealed file beside the database while kept is true.
CREATE TABLE snapshot (
    sequence   BIGINT  NOT NULL PRIMARY KEY,
    reading    BIGINT  NOT NULL,
    taken_at   BIGINT  NOT NULL,
    source_at  BIGINT  NOT NULL,
    digest     TEXT    NOT NULL,
    previous   TEXT    NOT NULL,
    user_count BIGINT  NOT NULL,
    addresses  BIGINT  NOT NULL,
    bytes      BIGINT  NOT NULL,
    kept       BOOLEAN NOT NULL
);
CREATE INDEX snapshot_taken ON snapshot (taken_at, sequence);

-- Enrolments, the one in force with ended_at 0.
CREATE TABLE enrolment (
    number     BIGINT NOT NULL PRIMARY KEY,
    document   TEXT   NOT NULL,
    applied_at BIGINT NOT NULL,
    applied_by TEXT   NOT NULL,
    ended_at   BIGINT NOT NULL DEFAULT 0
);

-- Usage files that were made.
CREATE TABLE export (
    number    BIGINT  NOT NULL PRIMARY KEY,
    sequence  BIGINT  NOT NULL,
    made_at   BIGINT  NOT NULL,
    actor     TEXT    NOT NULL,
    sealed    BOOLEAN NOT NULL,
    audience  TEXT    NOT NULL,
    note      TEXT    NOT NULL,
    bytes     BIGINT  NOT NULL
);
