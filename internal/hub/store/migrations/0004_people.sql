-- +goose Up

-- People are written in the order they are listed in. What a writer left behind is looked for along the primary key:
-- that happens once in a while, and an index would have to be written with every person.
DROP INDEX person_from;
