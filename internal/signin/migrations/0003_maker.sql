-- +goose Up

-- The id of the token that a token was made with, empty for those that people made.
ALTER TABLE api_token ADD COLUMN maker TEXT NOT NULL DEFAULT '';
