-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ({label}, {fingerprint},
    {model});
