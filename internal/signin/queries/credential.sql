-- name: Credential :one
SELECT enterprise, owner, password, totp, totp_step, set_at FROM credential WHERE enterprise = @enterprise AND owner = @owner;

-- name: SetCredential :exec
INSERT INTO credential (enterprise, owner, password, totp, totp_step, set_at)
VALUES (@enterprise, @owner, @password, @totp, @totp_step, @set_at)
ON CONFLICT (enterprise, owner) DO UPDATE
SET password = excluded.password, totp = excluded.totp, totp_step = excluded.totp_step, set_at = excluded.set_at;

-- name: UseStep :execrows
UPDATE credential SET totp_step = @step
WHERE enterprise = @enterprise AND owner = @owner AND totp = @totp AND totp_step < @step;

-- name: SetPassword :exec
UPDATE credential SET password = @password, set_at = @now WHERE enterprise = @enterprise AND owner = @owner;

-- name: SetTOTP :exec
UPDATE credential SET totp = @totp, totp_step = @totp_step, set_at = @now WHERE enterprise = @enterprise AND owner = @owner;

-- name: AddRecoveryCode :exec
INSERT INTO recovery_code (enterprise, owner, hash) VALUES (@enterprise, @owner, @hash);

-- name: UseRecoveryCode :execrows
DELETE FROM recovery_code WHERE enterprise = @enterprise AND owner = @owner AND hash = @hash;

-- name: CountRecoveryCodes :one
SELECT COUNT(*) FROM recovery_code WHERE enterprise = @enterprise AND owner = @owner;

-- name: DeleteRecoveryCodes :exec
DELETE FROM recovery_code WHERE enterprise = @enterprise AND owner = @owner;
