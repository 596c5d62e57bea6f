-- name: Work :one
SELECT result, made_at FROM work WHERE enterprise = @enterprise;

-- name: SetWork :exec
INSERT INTO work (enterprise, result, made_at) VALUES (@enterprise, @result, @made_at)
ON CONFLICT (enterprise) DO UPDATE SET result = excluded.result, made_at = excluded.made_at;

-- name: HoldWork :execrows
UPDATE work SET result = result WHERE work.enterprise = @enterprise;

-- name: PeopleToReview :many
SELECT person_id, sort_key, deployment, document FROM person
WHERE enterprise = @enterprise AND sort_key >= @sort_key AND (sort_key > @sort_key OR person_id > @person_id)
    AND from_result <= @result AND to_result > @result AND consumes AND deployment IN ('cloud', 'server', 'none')
ORDER BY sort_key, person_id LIMIT @page;

-- name: WorkPlaces :many
SELECT place, person_id FROM work_place
WHERE enterprise = @enterprise AND list = @list AND source = @source
    AND place >= @place AND (place > @place OR person_id > @person_id)
ORDER BY place, person_id LIMIT @page;

-- name: WorkPlacesInState :many
SELECT place, person_id FROM work_place
WHERE enterprise = @enterprise AND list = @list AND source = @source AND state = @state
    AND place >= @place AND (place > @place OR person_id > @person_id)
ORDER BY place, person_id LIMIT @page;

-- name: WorkLine :one
SELECT person_id, place, sources, saves, document, since, state, note, actor, stated_at FROM work_line
WHERE enterprise = @enterprise AND list = @list AND person_id = @person_id;

-- name: WorkLines :many
SELECT person_id, place, sources, saves, document, since, state, note, actor, stated_at FROM work_line
WHERE enterprise = @enterprise AND list = @list AND person_id > @after ORDER BY person_id LIMIT @page;

-- name: RewriteWorkLine :exec
UPDATE work_line SET place = @place, sources = @sources, saves = @saves, document = @document
WHERE enterprise = @enterprise AND list = @list AND person_id = @person_id;

-- name: RemoveWorkLine :exec
DELETE FROM work_line WHERE enterprise = @enterprise AND list = @list AND person_id = @person_id;

-- name: RemoveWorkPlace :exec
DELETE FROM work_place WHERE enterprise = @enterprise AND list = @list AND source = @source AND place = @place AND person_id = @person_id;

-- name: StateWorkLine :execrows
UPDATE work_line SET state = @state, note = @note, actor = @actor, stated_at = @stated_at
WHERE enterprise = @enterprise AND list = @list AND person_id = @person_id;

-- name: StateWorkPlace :exec
UPDATE work_place SET state = @state
WHERE enterprise = @enterprise AND list = @list AND source = @source AND place = @place AND person_id = @person_id;

-- name: WorkTallies :many
SELECT list, source, state, lines FROM work_tally WHERE enterprise = @enterprise AND lines > 0 ORDER BY list, source, state;

-- name: ClearWorkTallies :exec
DELETE FROM work_tally WHERE enterprise = @enterprise;

-- name: CountWork :exec
INSERT INTO work_tally (enterprise, list, source, state, lines)
SELECT CAST(@enterprise AS BIGINT), p.list, p.source, p.state, count(*) FROM work_place p WHERE p.enterprise = @enterprise
GROUP BY p.list, p.source, p.state;

-- name: CountWorkLine :exec
INSERT INTO work_tally (enterprise, list, source, state, lines) VALUES (@enterprise, @list, @source, @state, @lines)
ON CONFLICT (enterprise, list, source, state) DO UPDATE SET lines = work_tally.lines + excluded.lines;
