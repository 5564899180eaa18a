/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/value-write.h"

#include "protocol/logger-changes.h"

#include <glib/gi18n-lib.h>

#define MAX_TRIES 5

typedef struct
{
  OpValueSpan *span;
  GBytes      *values;
  guint        n_tries;
  GError      *doubt; /* whether the last try was made is not known */
  OpWritten   *written;
} Write;

static void set_values (GTask *task);
static void read_back (GTask *task);

void
op_written_free (OpWritten *written)
{
  g_clear_pointer (&written->before, g_bytes_unref);
  g_clear_pointer (&written->after, g_bytes_unref);
  g_free (written);
}

static void
write_free (Write *write)
{
  op_value_span_free (write->span);
  g_bytes_unref (write->values);
  g_clear_error (&write->doubt);
  g_clear_pointer (&write->written, op_written_free);
  g_free (write);
}

static void
finish (GTask *task)
{
  Write *write = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&write->written), (GDestroyNotify) op_written_free);
}

static void
on_read_back_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Write *write = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) after = op_logger_get_values_finish (OP_LOGGER (source), result, &error);

  if (after == NULL)
    {
      g_task_return_error (task, write->doubt != NULL ? g_steal_pointer (&write->doubt) : g_steal_pointer (&error));
      return;
    }
  write->written->is_kept = op_value_span_is_equal (write->span, after, write->values);
  if (write->doubt == NULL || write->written->is_kept)
    {
      write->written->after = g_steal_pointer (&after);
      finish (task);
    }
  else if (write->n_tries < MAX_TRIES && op_value_span_is_equal (write->span, after, write->written->before))
    set_values (task);
  else
    g_task_return_error (task, g_steal_pointer (&write->doubt));
}

static void
read_back (GTask *task)
{
  Write *write = g_task_get_task_data (task);

  op_logger_get_values_async (g_task_get_source_object (task), write->span, g_task_get_cancellable (task),
                              on_read_back_cb, g_object_ref (task));
}

static void
on_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Write *write = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree OpSetOutcome *outcome = op_logger_set_values_finish (OP_LOGGER (source), result, &error);

  if (outcome != NULL && outcome->reboots)
    {
      write->written->reboots = TRUE;
      write->written->is_kept = TRUE;
      finish (task);
    }
  else if (outcome != NULL)
    read_back (task);
  else if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE) && write->n_tries < MAX_TRIES)
    set_values (task);
  else if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN))
    {
      write->doubt = g_steal_pointer (&error);
      read_back (task);
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
set_values (GTask *task)
{
  Write *write = g_task_get_task_data (task);

  write->n_tries++;
  g_clear_error (&write->doubt);
  op_logger_set_values_async (g_task_get_source_object (task), write->span, write->values,
                              g_task_get_cancellable (task), on_set_cb, g_object_ref (task));
}

static void
on_before_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Write *write = g_task_get_task_data (task);
  GError *error = NULL;

  write->written->before = op_logger_get_values_finish (OP_LOGGER (source), result, &error);
  if (write->written->before == NULL)
    g_task_return_error (task, error);
  else
    set_values (task);
}

void
op_value_write_async (OpLogger *logger, const OpValueSpan *span, GBytes *values, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (OP_IS_LOGGER (logger));
  g_return_if_fail (op_value_span_check (span, values, NULL));

  g_autoptr (GTask) task = g_task_new (logger, cancellable, callback, data);
  Write *write = g_new0 (Write, 1);

  write->span = op_value_span_copy (span);
  write->values = g_bytes_ref (values);
  write->written = g_new0 (OpWritten, 1);
  g_task_set_task_data (task, write, (GDestroyNotify) write_free);
  op_logger_get_values_async (logger, span, cancellable, on_before_cb, g_object_ref (task));
}

OpWritten *
op_value_write_finish (OpLogger *logger, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, logger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
dup_expected_number (OpType type)
{
  static const struct
  {
    OpType type;
    gint64 min, max;
  } ranges[] = {
    { OP_TYPE_BYTE, 0, G_MAXUINT8 },         { OP_TYPE_UINT2, 0, G_MAXUINT16 },
    { OP_TYPE_UINT4, 0, G_MAXUINT32 },       { OP_TYPE_INT1, G_MININT8, G_MAXINT8 },
    { OP_TYPE_INT2, G_MININT16, G_MAXINT16 }, { OP_TYPE_INT4, G_MININT32, G_MAXINT32 },
    { OP_TYPE_SHORT, G_MININT16, G_MAXINT16 }, { OP_TYPE_LONG, G_MININT32, G_MAXINT32 },
    { OP_TYPE_USHORT, 0, G_MAXUINT16 },      { OP_TYPE_ULONG, 0, G_MAXUINT32 },
    { OP_TYPE_BOOL8, 0, G_MAXUINT8 },
  };

  if (op_type_is_boolean (type))
    return g_strdup (_("true or false"));
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (ranges[i].type == type)
      return g_strdup_printf (_("A whole number from %s%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT),
                              ranges[i].min < 0 ? "−" : "", ABS (ranges[i].min), ranges[i].max);
  if (type == OP_TYPE_FP2)
    return g_strdup (_("A number from −7999 to 7999 with up to 4 digits, NAN or INF"));
  return g_strdup (_("A number, NAN or INF"));
}

char *
op_value_dup_expected (const OpValueSpan *span)
{
  switch (op_type_kind (span->type))
    {
    case OP_KIND_NUMBER:
      return dup_expected_number (span->type);
    case OP_KIND_TIME:
      return g_strdup (_("A time such as 2026-03-01 12:00:00"));
    default:
      if (span->type == OP_TYPE_ASCIIZ)
        return g_strdup (_("A text"));
      return g_strdup_printf (ngettext ("A text of up to %u byte", "A text of up to %u bytes", span->text_size),
                              span->text_size);
    }
}
