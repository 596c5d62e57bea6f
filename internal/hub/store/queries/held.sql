-- name: EveryItem :many
SELECT source, kind, key, from_seq, to_seq, document FROM item
WHERE enterprise = @enterprise AND (source, kind, key, from_seq) > (@source, CAST(@kind AS TEXT), CAST(@key AS TEXT), @from_seq)
ORDER BY source, kind, key, from_seq LIMIT @page;

-- name: EveryPerson :many
SELECT number, person_id, from_result, to_result, document FROM person
WHERE enterprise = @enterprise AND (number, from_result) > (@number, CAST(@from_result AS BIGINT))
ORDER BY number, from_result LIMIT @page;

-- name: EveryChange :many
SELECT result, n, people FROM change
WHERE enterprise = @enterprise AND (result, n) > (@result, @n) ORDER BY result, n LIMIT @page;

-- name: EveryResult :many
SELECT id, document FROM result WHERE enterprise = @enterprise AND id > @id ORDER BY id LIMIT @page;

-- name: EraseItem :execrows
DELETE FROM item
WHERE item.enterprise = @enterprise AND item.source = @source AND item.kind = @kind AND item.key = @key AND item.from_seq = @from_seq
    AND item.to_seq <= (SELECT s.seq FROM source s WHERE s.enterprise = @enterprise AND s.number = @source);

-- name: ErasePerson :execrows
UPDATE person SET sort_key = '', search = '', organizations = '', roles = '', document = @document
WHERE person.enterprise = @enterprise AND person.number = @number AND person.from_result = @from_result
    AND person.to_result <= (SELECT e.current_result FROM enterprise e WHERE e.id = @enterprise);

-- name: RewriteChange :execrows
UPDATE change SET people = @people WHERE enterprise = @enterprise AND result = @result AND n = @n;

-- name: RewriteResult :execrows
UPDATE result SET document = @document WHERE enterprise = @enterprise AND id = @id;

-- name: ForgetChanges :execrows
DELETE FROM change WHERE change.enterprise = @enterprise AND (change.result, change.n) IN
    (SELECT c.result, c.n FROM change c WHERE c.enterprise = @enterprise AND c.result <= @result LIMIT @page);

-- name: ForgetChangeCounts :exec
UPDATE result SET changes = 0 WHERE enterprise = @enterprise AND id <= @result AND changes > 0;
