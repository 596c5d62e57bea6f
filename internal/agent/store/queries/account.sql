-- name: MarkShared :exec
UPDATE account SET shared = TRUE WHERE account.reading = @reading AND account.email_key IN (
    SELECT a.email_key FROM account a WHERE a.reading = @reading AND a.email_key <> '' GROUP BY a.email_key HAVING COUNT(*) > 1);

-- name: Tallies :many
SELECT cause, sign_in, shared, email = '' AS no_address, COUNT(*) AS accounts FROM account WHERE reading = @reading
GROUP BY cause, sign_in, shared, email = '' ORDER BY cause, sign_in, shared, email = '';

-- name: Reused :many
SELECT n.user_id, n.login AS login, o.login AS was FROM account n
JOIN account o ON o.reading = @before AND o.user_id = n.user_id
WHERE n.reading = @reading AND o.email_key <> '' AND n.email_key <> '' AND n.email_key <> o.email_key AND n.login <> o.login
ORDER BY n.user_id LIMIT @at_most;

-- name: Leaving :many
SELECT user_id, email FROM account WHERE reading = @reading AND cause = '' AND user_id > @after ORDER BY user_id LIMIT @at_most;

-- name: Account :one
SELECT * FROM account WHERE reading = @reading AND user_id = @user_id;

-- name: Accounts :many
SELECT * FROM account
WHERE reading = @reading AND (sort_key, user_id) > (CAST(@after_key AS TEXT), CAST(@after_id AS TEXT))
  AND (CAST(@cause AS TEXT) = '' OR cause = CAST(@cause AS TEXT))
  AND (NOT CAST(@stays AS BOOLEAN) OR cause <> '')
  AND (NOT CAST(@leaves AS BOOLEAN) OR cause = '')
  AND (NOT CAST(@no_address AS BOOLEAN) OR email = '')
  AND (NOT CAST(@shared AS BOOLEAN) OR account.shared)
  AND (NOT CAST(@no_sign_in AS BOOLEAN) OR sign_in = 2)
  AND (CAST(@word1 AS TEXT) = '' OR REPLACE(search, CAST(@word1 AS TEXT), '') <> search)
  AND (CAST(@word2 AS TEXT) = '' OR REPLACE(search, CAST(@word2 AS TEXT), '') <> search)
  AND (CAST(@word3 AS TEXT) = '' OR REPLACE(search, CAST(@word3 AS TEXT), '') <> search)
ORDER BY sort_key, user_id LIMIT @at_most;

-- name: SharedWith :many
SELECT * FROM account WHERE reading = @reading AND email_key = @email_key AND email_key <> '' AND user_id <> @user_id
ORDER BY user_id LIMIT @at_most;

-- name: NextWithAccounts :one
SELECT CAST(COALESCE(MIN(reading), 0) AS BIGINT) AS number FROM account WHERE reading > @after;

-- name: ForgetAccounts :execrows
DELETE FROM account WHERE account.reading = @reading AND account.user_id IN (
    SELECT a.user_id FROM account a WHERE a.reading = @reading ORDER BY a.user_id LIMIT @at_most);
