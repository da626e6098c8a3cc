-- A network sets after how many times its decision limit a referral that nobody answered expires.

/* The same as networkSettings in lib/agencies/network-schema.ts: known names, numbers within reason, bases of the list. */
CREATE OR REPLACE FUNCTION app.network_settings_fit(settings jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  urgency text;
  entry jsonb;
BEGIN
  IF jsonb_typeof(settings) <> 'object'
     OR settings - ARRAY['contactHours', 'referralLimits', 'referralExpiry', 'legalBases', 'smallNumber', 'leaveUrl'] <> '{}'::jsonb THEN
    RETURN false;
  END IF;
  FOR urgency, entry IN SELECT * FROM jsonb_each(coalesce(settings -> 'contactHours', '{}')) LOOP
    IF urgency NOT IN ('emergency', 'urgent', 'routine') OR NOT coalesce((entry ->> 'hours')::numeric BETWEEN 1 AND 8784
       AND length(entry ->> 'source') BETWEEN 1 AND 200, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  FOR urgency, entry IN SELECT * FROM jsonb_each(coalesce(settings -> 'referralLimits', '{}')) LOOP
    IF urgency NOT IN ('emergency', 'urgent', 'routine') OR NOT coalesce((entry ->> 'acknowledge')::int BETWEEN 1 AND 999
       AND (entry ->> 'decide')::int BETWEEN (entry ->> 'acknowledge')::int AND 999, false) THEN
      RETURN false;
    END IF;
  END LOOP;
  IF NOT coalesce((settings ->> 'referralExpiry')::int, 3) BETWEEN 2 AND 20 THEN RETURN false; END IF;
  IF EXISTS (SELECT 1 FROM jsonb_each(coalesce(settings -> 'legalBases', '{}')) b WHERE b.key NOT IN ('case_management', 'sharing', 'statistics', 'contact')
     OR NOT b.value <@ '["consent", "public_task", "legal_duty", "vital_interest"]' OR jsonb_array_length(b.value) = 0) THEN
    RETURN false;
  END IF;
  -- Fewer than ten people is never a number that leaves an agency.
  RETURN coalesce((settings ->> 'smallNumber')::int, 10) BETWEEN 10 AND 100
    AND coalesce(settings ->> 'leaveUrl', 'https://') ~ '^https?://' AND length(coalesce(settings ->> 'leaveUrl', '')) <= 300;
EXCEPTION WHEN data_exception THEN RETURN false;
END
$$;
