    IF {taken} THEN
        SELECT ({expression}
            ) INTO workflow_holds FROM (SELECT (old).*) AS {row};
        IF workflow_holds IS NOT TRUE THEN
            RETURN {text};
        END IF;
    END IF;
