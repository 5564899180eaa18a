/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/trace.h"

#include "protocol/transport/wake-source-private.h"

#include <glib/gi18n-lib.h>

#define MAX_FILE_SIZE (64 * 1024 * 1024)

struct _OpReplay
{
  OpTransport parent_instance;

  char      *path;   /* NULL: events given */
  GPtrArray *events; /* of OpTraceEvent */
  guint      begin;  /* the opening that is played or comes next: its events … */
  guint      end;    /* … up to here */
  guint      sent;   /* where the bytes of the next send have to be found */
  gsize      offset; /* and from which byte on */
  guint      played; /* events before this one are over, but for those sent */
  GError    *error;  /* what was sent does not fit */
  GSource   *wake;
};

G_DEFINE_FINAL_TYPE (OpReplay, op_replay, OP_TYPE_TRANSPORT)

static const OpTraceEvent *
get_event (OpReplay *self, guint i)
{
  return g_ptr_array_index (self->events, i);
}

/* Events that come from no text count as a line each. */
static guint
get_line (OpReplay *self, guint i)
{
  guint line = get_event (self, i)->line;

  return line != 0 ? line : i + 1;
}

/* An opening's events reach up to its end or to the next opening. */
static guint
find_end (OpReplay *self, guint begin)
{
  for (guint i = begin; i < self->events->len; i++)
    {
      if (get_event (self, i)->kind == OP_TRACE_CLOSED)
        return i + 1;
      if (get_event (self, i)->kind == OP_TRACE_OPENED && i > begin)
        return i;
    }
  return self->events->len;
}

/* Steps to the next event that bytes are to be sent for. */
static void
find_sent (OpReplay *self)
{
  while (self->sent < self->end
         && (get_event (self, self->sent)->kind != OP_TRACE_SENT
             || self->offset == g_bytes_get_size (get_event (self, self->sent)->bytes)))
    {
      self->sent++;
      self->offset = 0;
    }
}

static void
match_byte (OpReplay *self, guint8 byte)
{
  const guint8 *expected;

  if (self->sent == self->end)
    {
      g_set_error (&self->error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY,
                   _ ("%02X was sent where the trace, up to line %u, has nothing more."), byte,
                   self->end > 0 ? get_line (self, self->end - 1) : 0);
      return;
    }

  expected = g_bytes_get_data (get_event (self, self->sent)->bytes, NULL);
  if (byte != expected[self->offset])
    {
      g_set_error (&self->error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY,
                   _ ("%02X was sent where line %u of the trace has %02X at byte %" G_GSIZE_FORMAT "."), byte,
                   get_line (self, self->sent), expected[self->offset], self->offset);
      return;
    }

  self->offset++;
  find_sent (self);
}

static void
play (OpReplay *self, const OpTraceEvent *event)
{
  g_autoptr (GError) error = NULL;

  if (event->kind == OP_TRACE_RECEIVED && g_bytes_get_size (event->bytes) > 0)
    op_transport_emit_received (OP_TRANSPORT (self), event->bytes);
  if (event->kind == OP_TRACE_CLOSED && *event->text != '\0')
    {
      error = g_error_new_literal (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP, event->text);
      op_transport_emit_closed (OP_TRANSPORT (self), error);
    }
}

static gboolean
on_wake_cb (gpointer data)
{
  g_autoptr (OpReplay) self = g_object_ref (data);
  g_autoptr (GPtrArray) events = g_ptr_array_ref (self->events);
  GSource *source = g_main_current_source ();

  while (!g_source_is_destroyed (source) && self->error == NULL && self->played < self->sent)
    play (self, g_ptr_array_index (events, self->played++));

  if (!g_source_is_destroyed (source) && self->error != NULL)
    {
      g_autoptr (GError) error = g_steal_pointer (&self->error);

      op_transport_emit_closed (OP_TRANSPORT (self), error);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
check_file (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info
      = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                           G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR && g_file_info_get_size (info) <= MAX_FILE_SIZE)
    return TRUE;

  g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY,
               _ ("It is no file or larger than %d MiB."), MAX_FILE_SIZE / (1024 * 1024));
  return FALSE;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *path = data;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = NULL;
  gsize length;
  GPtrArray *events = NULL;
  GError *error = NULL;

  if (check_file (file, &error) && g_file_load_contents (file, cancellable, &text, &length, NULL, &error))
    events = op_trace_parse (text, length, &error);

  if (events != NULL)
    g_task_return_pointer (task, events, (GDestroyNotify) g_ptr_array_unref);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, error);
  else
    {
      g_task_return_new_error (task, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_REPLAY,
                               _ ("The trace %s cannot be played: %s"), path, error->message);
      g_error_free (error);
    }
}

static void
op_replay_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
  OpReplay *self = OP_REPLAY (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  /* A file is read anew when it is played from its start. */
  if (self->path != NULL && self->begin == 0)
    {
      g_task_set_task_data (task, g_strdup (self->path), g_free);
      g_task_set_return_on_cancel (task, TRUE);
      g_task_run_in_thread (task, read_in_thread);
      return;
    }
  g_task_return_pointer (task, g_ptr_array_ref (self->events), (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
op_replay_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpReplay *self = OP_REPLAY (transport);
  GPtrArray *events = g_task_propagate_pointer (G_TASK (result), error);

  if (events == NULL)
    return FALSE;

  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = events;
  self->end = find_end (self, self->begin);
  self->sent = self->played = self->begin;
  self->offset = 0;
  find_sent (self);
  self->wake = op_wake_source_attach (on_wake_cb, self);
  g_source_set_ready_time (self->wake, 0);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_replay_send (OpTransport *transport, GBytes *bytes)
{
  OpReplay *self = OP_REPLAY (transport);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length && self->error == NULL; i++)
    match_byte (self, data[i]);
  g_source_set_ready_time (self->wake, 0);
}

static void
op_replay_close (OpTransport *transport)
{
  OpReplay *self = OP_REPLAY (transport);

  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_clear_error (&self->error);
  self->begin = self->end < self->events->len ? self->end : 0;
}

static void
op_replay_finalize (GObject *object)
{
  OpReplay *self = OP_REPLAY (object);

  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_free (self->path);
  G_OBJECT_CLASS (op_replay_parent_class)->finalize (object);
}

static void
op_replay_class_init (OpReplayClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_replay_finalize;
  transport_class->open_async = op_replay_open_async;
  transport_class->open_finish = op_replay_open_finish;
  transport_class->send = op_replay_send;
  transport_class->close = op_replay_close;
}

static void
op_replay_init (OpReplay *self)
{
}

OpTransport *
op_replay_new (GPtrArray *events)
{
  OpReplay *self = g_object_new (OP_TYPE_REPLAY, NULL);

  self->events = g_ptr_array_ref (events);
  op_transport_set_name (OP_TRANSPORT (self), _ ("the trace"));
  return OP_TRANSPORT (self);
}

OpTransport *
op_replay_new_for_file (const char *path)
{
  OpReplay *self = g_object_new (OP_TYPE_REPLAY, NULL);

  self->path = g_strdup (path);
  op_transport_set_name (OP_TRANSPORT (self), path);
  return OP_TRANSPORT (self);
}
