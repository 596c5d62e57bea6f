-- +goose Up

-- Who may be counted more than once, as four lists. They hold no addresses: whoever reads a line looks the person up.

-- The result that the lists were made of.
CREATE TABLE work (
    enterprise BIGINT PRIMARY KEY REFERENCES enterprise (id),
    result     BIGINT NOT NULL,
    made_at    BIGINT NOT NULL
);

CREATE TABLE work_line (
    enterprise BIGINT NOT NULL REFERENCES enterprise (id),
    list       TEXT   NOT NULL CHECK (list IN ('members', 'near', 'fixed', 'gone')),
    person_id  BYTEA  NOT NULL,
    place      TEXT   NOT NULL,
    sources    TEXT   NOT NULL,
    saves      BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('todo', 'asked', 'done')),
    note       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    stated_at  BIGINT NOT NULL,
    PRIMARY KEY (enterprise, list, person_id)
);

-- Where a line stands: in the whole list (source -1), and in that of each server instance it is about.
CREATE TABLE work_place (
    enterprise BIGINT NOT NULL,
    list       TEXT   NOT NULL,
    source     BIGINT NOT NULL,
    place      TEXT   NOT NULL,
    person_id  BYTEA  NOT NULL,
    state      TEXT   NOT NULL,
    PRIMARY KEY (enterprise, list, source, place, person_id)
);
CREATE INDEX work_state ON work_place (enterprise, list, source, state, place, person_id);

CREATE TABLE work_tally (
    enterprise BIGINT NOT NULL,
    list       TEXT   NOT NULL,
    source     BIGINT NOT NULL,
    state      TEXT   NOT NULL,
    lines      BIGINT NOT NULL,
    PRIMARY KEY (enterprise, list, source, state)
);
