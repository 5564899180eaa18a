/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "logger-fixture.h"

void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->identity, op_identity_free);
  g_clear_pointer (&outcome->clock, g_free);
  g_clear_pointer (&outcome->state, g_free);
  g_clear_pointer (&outcome->tables, g_ptr_array_unref);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}

static void
on_step_cb (OpLogger *logger, OpLoggerStep step, OpStepState state, const char *detail, gpointer data)
{
  static const char *const names[] = { "connect", "answer", "address", "security", "identity", "clock", "tables" };

  g_assert_nonnull (detail);
  g_string_append_printf (data, "%s%c ", names[step], "+!x"[state]);
}

#define DEFINE_CALLBACK(name, statement)                                                                            \
  void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                        \
  {                                                                                                                 \
    OpLogger *logger = OP_LOGGER (source);                                                                          \
    Outcome *outcome = data;                                                                                        \
                                                                                                                    \
    g_assert_false (outcome->done);                                                                                 \
    statement;                                                                                                      \
    outcome->done = TRUE;                                                                                           \
  }

DEFINE_CALLBACK (opened, outcome->succeeded = op_logger_open_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (identified, outcome->identity = op_logger_identify_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (clock_read, outcome->clock = op_logger_read_clock_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (tables_read, outcome->tables = op_logger_read_tables_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (state_read, outcome->state = op_logger_read_table_state_finish (logger, result, &outcome->error))
DEFINE_CALLBACK (collected, outcome->succeeded = op_logger_collect_finish (logger, result, &outcome->error))

OpTable *
new_table (guint32 size, OpTime interval)
{
  OpTableBuilder *builder = op_table_builder_new ("T", size, OP_TYPE_NSEC, 0, interval);
  g_autoptr (GError) error = NULL;
  OpTable *table;

  op_table_builder_add_field (builder, OP_TYPE_UINT2, FALSE, "V", "Smp", "", NULL, 0);
  table = op_table_builder_finish (builder, 2, &error);
  g_assert_no_error (error);
  return table;
}

void
set_up_closed (Fixture *f, gconstpointer data)
{
  conversation_set_up_closed (&f->base, data);
  f->steps = g_string_new (NULL);
  f->records = g_string_new (NULL);
  f->table = new_table (1000, 60 * OP_SECOND);
  g_signal_connect (f->base.logger, "step", G_CALLBACK (on_step_cb), f->steps);
}

void
set_up (Fixture *f, gconstpointer data)
{
  set_up_closed (f, data);
  conversation_open (&f->base);
  g_assert_cmpstr (f->steps->str, ==, "connect+ connect! answer+ answer! address+ answer! address! ");
  g_string_truncate (f->steps, 0);
}

void
tear_down (Fixture *f, gconstpointer data)
{
  conversation_tear_down (&f->base, data);
  g_string_free (f->steps, TRUE);
  g_string_free (f->records, TRUE);
  op_table_unref (f->table);
}

/* Collecting: what is expected and sent */

void
expect_collect (Fixture *f, guint mode, const char *parameters)
{
  g_autofree char *hex
      = g_strdup_printf (TO_LOGGER "09 TT 12 34 %02X 00 02 %02X %02X %s 00 00", mode, (guint) f->table->signature >> 8,
                         (guint) f->table->signature & 0xFF, parameters);

  peer_expect (f->base.peer, hex);
}

void
append_uint4 (GString *hex, guint32 value)
{
  g_string_append_printf (hex, "%02X %02X %02X %02X ", value >> 24, value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF);
}

void
append_stamp (GString *hex, guint32 seconds)
{
  append_uint4 (hex, BASE_S + seconds);
  append_uint4 (hex, 0);
}

void
send_records (Fixture *f, guint32 first, guint count, guint32 seconds)
{
  g_autoptr (GString) hex = g_string_new (FROM_LOGGER "89 TT 00 00 02 ");
  gboolean is_event = op_table_is_event (f->table);

  append_uint4 (hex, first);
  g_string_append_printf (hex, "%02X %02X ", count >> 8, count & 0xFF);
  for (guint i = 0; i < count; i++)
    {
      if (i == 0 || is_event)
        append_stamp (hex, seconds + 7 * i);
      g_string_append_printf (hex, "%02X %02X ", (first + i) >> 8 & 0xFF, (first + i) & 0xFF);
    }
  g_string_append (hex, "FF");
  peer_send (f->base.peer, hex->str);
}

static gboolean
take_records (const OpChunk *chunk, gpointer data, GError **error)
{
  Fixture *f = data;
  const guint8 *bytes = g_bytes_get_data (chunk->payload, NULL);
  gboolean is_event = op_table_is_event (f->table);

  if (f->refuses)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The disk is full");
      return FALSE;
    }
  g_string_append_printf (f->records, "%u*%u@%" G_GINT64_FORMAT " ", chunk->first, chunk->count,
                          chunk->first_time / OP_SECOND - BASE_S);
  for (guint32 i = 0; i < chunk->count; i++)
    {
      const guint8 *value = bytes + (is_event ? i * 10 + 8 : i * 2);

      g_assert_cmpuint (value[0] << 8 | value[1], ==, (chunk->first + i) & 0xFFFF);
    }
  return TRUE;
}

static void
take_progress (guint64 done, guint64 expected, gpointer data)
{
  Fixture *f = data;

  g_assert_cmpuint (done, <=, expected);
  f->done = done;
  f->expected = expected;
}

const OpCollectRange all = { .mode = OP_COLLECT_ALL };

void
collect (Fixture *f, const OpCollectRange *range, GCancellable *cancellable, Outcome *outcome)
{
  op_logger_collect_async (f->base.logger, f->table, range, take_records, take_progress, f, cancellable,
                           on_collected_cb, outcome);
}

void
send_newest (Fixture *f, guint32 newest, guint32 seconds)
{
  expect_collect (f, 5, "00 00 00 01");
  send_records (f, newest, 1, seconds);
}

void
assert_collected (Fixture *f, Outcome *outcome, const char *records)
{
  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
  g_assert_true (outcome->succeeded);
  g_assert_cmpstr (f->records->str, ==, records);
  g_assert_cmpuint (f->done, ==, f->expected);
}
