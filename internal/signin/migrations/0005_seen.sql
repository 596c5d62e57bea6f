-- +goose Up

-- When somebody used one of their sessions last, to the hour; sessions go, and this stays.
ALTER TABLE owner ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
