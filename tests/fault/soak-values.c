/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/soak.h"

#include "protocol/pakbus/echo.h"

#include <string.h>

/* The clock's reading may be so much off besides what its round trip explains. */
#define CLOCK_TOLERANCE (5 * OP_SECOND / 1000)

static OpClockReading *
read_clock (Soak *soak, const char *what)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  OpClockReading *reading;

  op_logger_read_clock_async (soak->logger, NULL, soak_await_cb, &result);
  reading = op_logger_read_clock_finish (soak->logger, soak_await (&result), &error);
  soak_has_failed (soak, what, error);
  return reading;
}

void
soak_read_clock (Soak *soak)
{
  g_autofree OpClockReading *reading = read_clock (soak, "read clock");
  gint64 offset;

  if (reading == NULL)
    return;
  offset = reading->logger_time - op_time_from_unix_us (reading->host_unix_us, 0);
  g_assert_cmpint (ABS (offset - soak->model.clock_offset), <=,
                  reading->round_trip_us * 500 + reading->resolution_us * 1000 + CLOCK_TOLERANCE);
}

void
soak_adjust_clock (Soak *soak)
{
  gint64 milliseconds = (gint64) soak_pick (soak, 10001) - 5000;
  gint64 adjustment = soak->kind->is_small ? milliseconds / 1000 * OP_SECOND : milliseconds * OP_SECOND / 1000;
  g_autofree OpClockReading *before = read_clock (soak, "read clock before setting it");
  guint n_before = op_emulator_get_n_applied (soak->emulator, "clock");
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree OpClockAdjustment *done = NULL;
  GError *error = NULL;
  gboolean not_done;
  guint n;

  if (before == NULL)
    return;
  op_logger_adjust_clock_async (soak->logger, adjustment, before, NULL, soak_await_cb, &result);
  done = op_logger_adjust_clock_finish (soak->logger, soak_await (&result), &error);
  not_done = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE);
  n = op_emulator_get_n_applied (soak->emulator, "clock") - n_before;
  soak_has_failed (soak, "adjust clock", error);
  g_assert_cmpuint (n, <=, 1);
  if (done != NULL && adjustment != 0)
    g_assert_cmpuint (n, ==, 1);
  if (not_done)
    g_assert_cmpuint (n, ==, 0);
  soak->model.clock_offset += n * adjustment;
}

static OpValueSpan *
find_span (Soak *soak, const char *field)
{
  g_autofree char *name = g_strconcat ("Public.", field, NULL);
  g_autoptr (GError) error = NULL;
  OpValueSpan *span = op_value_span_resolve (soak->tables, name, 0, &error);

  g_assert_no_error (error);
  return span;
}

static char *
make_text (const OpValueSpan *span, GBytes *bytes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < span->count; i++)
    {
      g_autofree char *element = op_value_span_dup_text (span, bytes, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", element);
    }
  return g_string_free (text, FALSE);
}

static void
get_values (Soak *soak, const char *field)
{
  g_autoptr (OpValueSpan) span = find_span (soak, field);
  const char *expected = g_hash_table_lookup (soak->model.values, field);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;

  op_logger_get_values_async (soak->logger, span, NULL, soak_await_cb, &result);
  bytes = op_logger_get_values_finish (soak->logger, soak_await (&result), &error);
  if (soak_has_failed (soak, "get values", error))
    return;
  text = make_text (span, bytes);
  if (expected != NULL)
    g_assert_cmpstr (text, ==, expected);
}

static const char *
pick_field (Soak *soak)
{
  return soak->kind->fields[soak_pick (soak, g_strv_length ((char **) soak->kind->fields))];
}

void
soak_get_values (Soak *soak)
{
  get_values (soak, pick_field (soak));
}

void
soak_check_values (Soak *soak)
{
  for (guint i = 0; soak->kind->fields[i] != NULL; i++)
    get_values (soak, soak->kind->fields[i]);
}

/* Something else than what is there. */
static GStrv
pick_texts (Soak *soak, const OpValueSpan *span, const char *present)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  g_autofree char *joined = NULL;

  for (guint i = 0; i < span->count; i++)
    {
      gboolean is_flag = op_type_size (span->type) == 1 && span->type != OP_TYPE_ASCII;
      gint number = is_flag ? -(gint) soak_pick (soak, 2) : (gint) soak_pick (soak, 20000) - 10000;
      g_autofree char *text = g_strdup_printf (span->type == OP_TYPE_ASCII ? "note %d" : "%d", number);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  joined = g_strjoinv (",", texts);
  return g_strcmp0 (joined, present) == 0 ? pick_texts (soak, span, present) : g_steal_pointer (&texts);
}

void
soak_set_values (Soak *soak)
{
  const char *field = pick_field (soak);
  g_autoptr (OpValueSpan) span = find_span (soak, field);
  g_auto (GStrv) texts = pick_texts (soak, span, g_hash_table_lookup (soak->model.values, field));
  guint n_before = op_emulator_get_n_applied (soak->emulator, "values");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree OpSetOutcome *outcome = NULL;
  GError *error = NULL;
  gboolean not_done;
  guint n;

  bytes = op_value_span_parse (span, (const char *const *) texts, &error);
  g_assert_no_error (error);
  op_logger_set_values_async (soak->logger, span, bytes, NULL, soak_await_cb, &result);
  outcome = op_logger_set_values_finish (soak->logger, soak_await (&result), &error);
  not_done = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE);
  n = op_emulator_get_n_applied (soak->emulator, "values") - n_before;
  soak_has_failed (soak, "set values", error);
  g_assert_cmpuint (n, <=, 1);
  if (outcome != NULL)
    g_assert_cmpuint (n, ==, 1);
  if (not_done)
    g_assert_cmpuint (n, ==, 0);
  if (n == 1)
    g_hash_table_replace (soak->model.values, g_strdup (field), g_strjoinv (",", texts));
}

void
soak_read_program (Soak *soak)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OpProgramState) state = NULL;
  GError *error = NULL;

  op_logger_read_program_async (soak->logger, NULL, soak_await_cb, &result);
  state = op_logger_read_program_finish (soak->logger, soak_await (&result), &error);
  if (!soak_has_failed (soak, "read program", error))
    g_assert_true (g_str_has_prefix (state->os_version, soak->kind->os));
}

void
soak_identify (Soak *soak)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (OpIdentity) identity = NULL;
  GError *error = NULL;

  op_logger_identify_async (soak->logger, NULL, soak_await_cb, &result);
  identity = op_logger_identify_finish (soak->logger, soak_await (&result), &error);
  if (!soak_has_failed (soak, "identify", error))
    g_assert_cmpuint (identity->pakbus_address, ==, 1);
}

void
soak_echo (Soak *soak)
{
  gsize n_bytes = 8 + soak_pick (soak, PAK_ECHO_MAX - 7);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree PakEcho *echo = NULL;
  GError *error = NULL;

  pak_echo_async (PAK_LOGGER (soak->logger), n_bytes, NULL, soak_await_cb, &result);
  echo = pak_echo_finish (PAK_LOGGER (soak->logger), soak_await (&result), &error);
  if (!soak_has_failed (soak, "echo", error))
    g_assert_cmpuint (echo->n_bytes, ==, n_bytes);
}
