/** What the faulty graph does with real books. */
export const insertIntent = `insert into intents (campaign_id, id, payer_id, key, input_hash, amount, currency, provider, is_anonymous)
  values ($1, $2, $3, $4, $5::text, $5::text::bigint, 'CNY', 'sandbox', false)
  on conflict (campaign_id, payer_id, key) do nothing`;
export const findIntent = 'select id from intents where campaign_id = $1 and payer_id = $2 and key = $3';
export const postBatch = `select id, version, credited, receipt_count from ledger.post_batch(
  array[$1], array[$2], array[$3], array[$4], array[$5::text], array[$5::text::bigint], array['CNY'],
  array[jsonb_build_object('provider', 'sandbox', 'providerRef', $6::text, 'capturedAt', now())])`;

export const insertCheckout = `insert into checkouts (campaign_id, donation_id, order_id, url, expires_at)
  select campaign_id, id, 'ord_' || id, 'https://pay.example/' || id, now() + interval '1 hour' from intents where id = $1
  on conflict do nothing`;
export const suspend = `insert into payment_facts (campaign_id, provider, provider_ref, kind, donation_id, amount, currency, reason, happened_at)
  select campaign_id, 'sandbox', $1, 'SUSPENDED', id, amount, currency, $3, now() from intents where id = $2`;
