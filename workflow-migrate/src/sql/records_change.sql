-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = {fingerprint}, model =
    {model}
WHERE workflow = {label};
