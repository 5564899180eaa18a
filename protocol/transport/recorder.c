/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/trace.h"

#include "protocol/transport/trace-writer-private.h"
#include "protocol/transport/wrapped-private.h"

#include <glib/gi18n-lib.h>

struct _OpRecorder
{
  OpTransport parent_instance;

  OpTransport   *inner;
  char          *path;
  OpTraceWriter *writer; /* from the first opening on, if there is a path */
  gint64         start;  /* monotonic, of the opening */
};

G_DEFINE_FINAL_TYPE (OpRecorder, op_recorder, OP_TYPE_TRANSPORT)

enum
{
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
record (OpRecorder *self, OpTraceKind kind, GBytes *bytes, const char *text)
{
  OpTraceEvent event = {
    .time_us = g_get_monotonic_time () - self->start,
    .kind = kind,
    .bytes = bytes,
    .text = (char *) text,
  };

  if (self->writer != NULL)
    {
      GString *lines = g_string_new (NULL);

      op_trace_event_append (&event, lines);
      op_trace_writer_write (self->writer, g_string_free (lines, FALSE));
    }
  g_signal_emit (self, signals[EVENT], 0, &event);
}

static void
on_received_cb (OpTransport *inner, GBytes *bytes, gpointer data)
{
  record (data, OP_TRACE_RECEIVED, bytes, NULL);
  op_transport_emit_received (data, bytes);
}

static void
on_closed_cb (OpTransport *inner, GError *error, gpointer data)
{
  if (op_transport_is_open (data))
    record (data, OP_TRACE_CLOSED, NULL, error->message);
  op_transport_emit_closed (data, error);
}

static void
on_file_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  OpRecorder *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream = g_file_append_to_finish (G_FILE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (error != NULL)
    {
      g_task_return_new_error (task, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED,
                               _ ("The trace %s cannot be written: %s"), self->path, error->message);
      return;
    }

  /* An opening that was cancelled may have come first. */
  if (self->writer == NULL)
    self->writer = op_trace_writer_new (G_OUTPUT_STREAM (stream));
  op_wrapped_open_async (self->inner, g_steal_pointer (&task));
}

static void
op_recorder_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  OpRecorder *self = OP_RECORDER (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr (GFile) file = NULL;

  if (self->path == NULL || self->writer != NULL)
    {
      op_wrapped_open_async (self->inner, g_steal_pointer (&task));
      return;
    }

  file = g_file_new_for_path (self->path);
  g_file_append_to_async (file, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, cancellable, on_file_opened_cb,
                          g_steal_pointer (&task));
}

static gboolean
op_recorder_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpRecorder *self = OP_RECORDER (transport);

  if (!op_wrapped_open_finish (self->inner, result, error))
    return FALSE;

  self->start = g_get_monotonic_time ();
  op_transport_set_is_open (transport, TRUE);
  record (self, OP_TRACE_OPENED, NULL, op_transport_get_name (self->inner));
  return TRUE;
}

static void
op_recorder_send (OpTransport *transport, GBytes *bytes)
{
  OpRecorder *self = OP_RECORDER (transport);

  record (self, OP_TRACE_SENT, bytes, NULL);
  op_transport_send (self->inner, bytes);
}

static void
op_recorder_close (OpTransport *transport)
{
  OpRecorder *self = OP_RECORDER (transport);

  /* Closed by the other side, the inner one is so already. */
  if (op_transport_is_open (self->inner))
    record (self, OP_TRACE_CLOSED, NULL, "");
  op_transport_close (self->inner);
}

static guint
op_recorder_get_baud (OpTransport *transport)
{
  return op_transport_get_baud (OP_RECORDER (transport)->inner);
}

static gboolean
op_recorder_set_baud (OpTransport *transport, guint baud, GError **error)
{
  return op_transport_set_baud (OP_RECORDER (transport)->inner, baud, error);
}

static void
op_recorder_dispose (GObject *object)
{
  OpRecorder *self = OP_RECORDER (object);

  G_OBJECT_CLASS (op_recorder_parent_class)->dispose (object);
  if (self->inner != NULL)
    g_signal_handlers_disconnect_by_data (self->inner, self);
  g_clear_object (&self->inner);
}

static void
op_recorder_finalize (GObject *object)
{
  OpRecorder *self = OP_RECORDER (object);

  g_clear_pointer (&self->writer, op_trace_writer_free);
  g_free (self->path);
  G_OBJECT_CLASS (op_recorder_parent_class)->finalize (object);
}

static void
op_recorder_class_init (OpRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  object_class->dispose = op_recorder_dispose;
  object_class->finalize = op_recorder_finalize;
  transport_class->open_async = op_recorder_open_async;
  transport_class->open_finish = op_recorder_open_finish;
  transport_class->send = op_recorder_send;
  transport_class->close = op_recorder_close;
  transport_class->get_baud = op_recorder_get_baud;
  transport_class->set_baud = op_recorder_set_baud;

  signals[EVENT] = g_signal_new ("event", OP_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 g_cclosure_marshal_VOID__POINTER, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
op_recorder_init (OpRecorder *self)
{
}

OpTransport *
op_recorder_new (OpTransport *inner, const char *path)
{
  OpRecorder *self = g_object_new (OP_TYPE_RECORDER, NULL);

  self->inner = g_object_ref (inner);
  self->path = g_strdup (path);
  op_transport_set_name (OP_TRANSPORT (self), op_transport_get_name (inner));
  g_signal_connect (inner, "received", G_CALLBACK (on_received_cb), self);
  g_signal_connect (inner, "closed", G_CALLBACK (on_closed_cb), self);
  return OP_TRANSPORT (self);
}
