-- Who asked for a run; absent where its time had come.
ALTER TABLE runs ADD COLUMN asked_by TEXT;
