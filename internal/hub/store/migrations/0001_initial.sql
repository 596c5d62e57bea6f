-- +goose Up

-- One text for SQLite and PostgreSQL: TEXT, BIGINT, BOOLEAN and BYTEA, nothing else. Times are microseconds
-- UTC, 0 for none. A validity interval is from_… <= pointer < to_…; 9223372036854775807 is "still".
-- Every key starts with the enterprise.

CREATE TABLE enterprise (
    id             BIGINT PRIMARY KEY,
    slug           TEXT   NOT NULL UNIQUE,
    name           TEXT   NOT NULL,
    settings       TEXT   NOT NULL,
    salt           BYTEA  NOT NULL,
    input_version  BIGINT NOT NULL DEFAULT 0,
    next_seq       BIGINT NOT NULL DEFAULT 1,
    next_source    BIGINT NOT NULL DEFAULT 1,
    next_result    BIGINT NOT NULL DEFAULT 1,
    current_result BIGINT NOT NULL DEFAULT 0,
    staging_result BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL
);

-- Where accounts come from: number 0 is the cloud side, the others are server instances.
CREATE TABLE source (
    enterprise BIGINT  NOT NULL REFERENCES enterprise (id),
    number     BIGINT  NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('held', 'active', 'removed')),
    server_id  TEXT    NOT NULL,
    host_name  TEXT    NOT NULL,
    host_key   TEXT    NOT NULL,
    public_key BYTEA   NOT NULL,
    signed     BOOLEAN NOT NULL,
    seq        BIGINT  NOT NULL,
    sequence   BIGINT  NOT NULL,
    digest     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (enterprise, number)
);
CREATE UNIQUE INDEX source_server_id ON source (enterprise, server_id) WHERE server_id <> '' AND state <> 'removed';
CREATE UNIQUE INDEX source_host ON source (enterprise, host_key) WHERE state = 'active';

-- What a source says, each row with the pointers it is visible at.
CREATE TABLE item (
    enterprise BIGINT NOT NULL,
    source     BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    from_seq   BIGINT NOT NULL,
    to_seq     BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (enterprise, source, kind, key, from_seq)
);
CREATE INDEX item_from ON item (enterprise, source, from_seq);
CREATE INDEX item_to ON item (enterprise, source, to_seq) WHERE to_seq < 9223372036854775807;

CREATE TABLE snapshot (
    enterprise BIGINT  NOT NULL,
    source     BIGINT  NOT NULL,
    seq        BIGINT  NOT NULL,
    upload     TEXT    NOT NULL,
    sequence   BIGINT  NOT NULL,
    digest     TEXT    NOT NULL,
    source_at  BIGINT  NOT NULL,
    taken_at   BIGINT  NOT NULL,
    staged_at  BIGINT  NOT NULL,
    applied_at BIGINT  NOT NULL,
    items      BIGINT  NOT NULL,
    kept       BOOLEAN NOT NULL,
    meta       TEXT    NOT NULL,
    PRIMARY KEY (enterprise, source, seq)
);

CREATE TABLE upload (
    enterprise     BIGINT NOT NULL REFERENCES enterprise (id),
    id             TEXT   NOT NULL,
    source         BIGINT NOT NULL,
    seq            BIGINT NOT NULL,
    kind           TEXT   NOT NULL CHECK (kind IN ('usage', 'csv', 'cloud', 'undo', 'remove')),
    state          TEXT   NOT NULL CHECK (state IN
        ('checking', 'held', 'preview', 'removing', 'applied', 'refused', 'discarded', 'superseded')),
    ending         TEXT   NOT NULL DEFAULT '',
    file_name      TEXT   NOT NULL,
    header         TEXT   NOT NULL,
    error_key      TEXT   NOT NULL DEFAULT '',
    error_args     TEXT   NOT NULL DEFAULT '',
    reason         TEXT   NOT NULL DEFAULT '',
    actor          TEXT   NOT NULL,
    preview_result BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (enterprise, id)
);
CREATE UNIQUE INDEX upload_pending ON upload (enterprise, source)
    WHERE state IN ('checking', 'held', 'preview', 'removing');
CREATE INDEX upload_recent ON upload (enterprise, created_at, id);

CREATE TABLE result (
    enterprise    BIGINT NOT NULL REFERENCES enterprise (id),
    id            BIGINT NOT NULL,
    kind          TEXT   NOT NULL CHECK (kind IN ('current', 'preview')),
    input_version BIGINT NOT NULL,
    upload        TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    people        BIGINT NOT NULL,
    licenses      BIGINT NOT NULL,
    changes       BIGINT NOT NULL,
    document      TEXT   NOT NULL,
    PRIMARY KEY (enterprise, id)
);

-- People, each version of whom has the results it is of. A person's number is the result they came with and how many
-- came before, so that new people are behind all others: rows, primary key and order grow at their ends.
CREATE TABLE person (
    enterprise    BIGINT  NOT NULL,
    number        BIGINT  NOT NULL,
    person_id     BYTEA   NOT NULL,
    from_result   BIGINT  NOT NULL,
    to_result     BIGINT  NOT NULL,
    sort_key      TEXT    NOT NULL,
    search        TEXT    NOT NULL,
    deployment    TEXT    NOT NULL CHECK (deployment IN ('cloud', 'server', 'both', 'none')),
    license       TEXT    NOT NULL,
    consumes      BOOLEAN NOT NULL,
    accounts      BIGINT  NOT NULL,
    organizations TEXT    NOT NULL,
    roles         TEXT    NOT NULL,
    document      TEXT    NOT NULL,
    PRIMARY KEY (enterprise, number, from_result)
);
CREATE INDEX person_order ON person (enterprise, sort_key, person_id);
CREATE INDEX person_to ON person (enterprise, to_result) WHERE to_result < 9223372036854775807;

-- The order of a result: the numbers of 1,000 people a block and of the next 100, 8 bytes each. The list of ids has
-- 16 bytes of an id and the number of each, in blocks of the ids that begin with the same bits.
CREATE TABLE person_block (
    enterprise  BIGINT NOT NULL,
    list        TEXT   NOT NULL CHECK (list IN ('people', 'consumed', 'ids')),
    block       BIGINT NOT NULL,
    from_result BIGINT NOT NULL,
    to_result   BIGINT NOT NULL,
    people      BYTEA  NOT NULL,
    PRIMARY KEY (enterprise, list, block, from_result)
);

CREATE TABLE change (
    enterprise BIGINT NOT NULL,
    result     BIGINT NOT NULL,
    n          BIGINT NOT NULL,
    kind       TEXT   NOT NULL CHECK (kind IN ('joined', 'split', 'appeared', 'vanished', 'moved', 'altered')),
    people     TEXT   NOT NULL,
    licenses   BIGINT NOT NULL,
    PRIMARY KEY (enterprise, result, n)
);
