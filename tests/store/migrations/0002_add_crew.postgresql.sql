ALTER TABLE feedback ADD CONSTRAINT crew_is_a_name CHECK (crew <> '');
