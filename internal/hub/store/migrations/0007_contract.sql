-- +goose Up

-- Licenses bought, a line of a contract a row. Days are their first microsecond UTC; until_day is the last day, 0 for an
-- open end. A line that was removed stays, for whoever asks what was counted with.
CREATE TABLE contract_line (
    enterprise BIGINT NOT NULL REFERENCES enterprise (id),
    id         BIGINT NOT NULL,
    from_day   BIGINT NOT NULL,
    until_day  BIGINT NOT NULL,
    seats      BIGINT NOT NULL CHECK (seats > 0),
    license    TEXT   NOT NULL CHECK (license IN ('Enterprise', 'Visual Studio subscription')),
    note       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT   NOT NULL,
    removed_at BIGINT NOT NULL DEFAULT 0,
    removed_by TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (enterprise, id)
);
