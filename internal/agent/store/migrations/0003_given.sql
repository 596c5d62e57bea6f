-- +goose Up

-- The highest sequence that a reading was given is asked for whenever a snapshot is taken or the agent is looked at.
CREATE INDEX reading_snapshot ON reading (snapshot);
