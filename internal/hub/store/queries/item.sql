-- name: VisibleItems :many
SELECT kind, key, document FROM item
WHERE enterprise = @enterprise AND source = @source AND (kind, key) > (@kind, @key) AND from_seq <= @seq AND to_seq > @seq
ORDER BY kind, key LIMIT @page;

-- name: VisibleItem :one
SELECT document FROM item
WHERE enterprise = @enterprise AND source = @source AND kind = @kind AND key = @key AND from_seq <= @seq AND to_seq > @seq;

-- name: RemoveItems :execrows
DELETE FROM item WHERE item.enterprise = @enterprise AND item.source = @source AND item.from_seq = @seq AND (item.kind, item.key) IN
    (SELECT i.kind, i.key FROM item i WHERE i.enterprise = @enterprise AND i.source = @source AND i.from_seq = @seq LIMIT @page);

-- name: ReopenItems :execrows
UPDATE item SET to_seq = 9223372036854775807
WHERE item.enterprise = @enterprise AND item.source = @source AND (item.kind, item.key, item.from_seq) IN
    (SELECT i.kind, i.key, i.from_seq FROM item i
     WHERE i.enterprise = @enterprise AND i.source = @source AND i.to_seq = @seq AND i.to_seq < 9223372036854775807 LIMIT @page);

-- name: ForgetItems :execrows
DELETE FROM item
WHERE item.enterprise = @enterprise AND item.source = @source AND (item.kind, item.key, item.from_seq) IN
    (SELECT i.kind, i.key, i.from_seq FROM item i
     WHERE i.enterprise = @enterprise AND i.source = @source AND i.to_seq <= @seq AND i.to_seq < 9223372036854775807 LIMIT @page);
