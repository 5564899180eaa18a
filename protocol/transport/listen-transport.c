/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/listen-transport.h"

#include "protocol/transport/wake-source-private.h"

#include <glib/gi18n-lib.h>

struct _OpListenTransport
{
  OpTransport parent_instance;

  guint    timeout_s;
  char    *remark;  /* NULL: none */
  GTask   *waiting; /* the opening under way */
  GSource *timeout;
  GSource *cancelled;

  OpTransport *connection; /* while open */
  GBytes      *received;   /* before it was handed over; NULL: nothing */
  GSource     *replay;     /* receives it again */
  gulong       received_handler;
  gulong       closed_handler;
};

/* A connection that was handed over. */
typedef struct
{
  OpTransport *connection;
  GBytes      *received;
} Call;

enum
{
  WANTED,
  UNWANTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OpListenTransport, op_listen_transport, OP_TYPE_TRANSPORT)

static void
call_free (Call *call)
{
  g_object_unref (call->connection);
  g_bytes_unref (call->received);
  g_free (call);
}

/* Nobody took it. */
static void
call_refuse (Call *call)
{
  op_transport_close (call->connection);
  call_free (call);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GTask *
stop_waiting (OpListenTransport *self)
{
  clear_source (&self->timeout);
  clear_source (&self->cancelled);
  return g_steal_pointer (&self->waiting);
}

static void
fail (OpListenTransport *self, GError *error)
{
  g_autoptr (GTask) task = stop_waiting (self);

  g_task_return_error (task, error);
  g_signal_emit (self, signals[UNWANTED], 0);
}

static gboolean
on_timeout_cb (gpointer data)
{
  OpListenTransport *self = data;
  const char *remark = self->remark != NULL ? self->remark : "";

  fail (self, g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_TIMED_OUT,
                           _ ("The logger did not call %s within %u s. %s"), op_transport_get_name (data),
                           self->timeout_s, remark));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer data)
{
  fail (data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled")));
  return G_SOURCE_REMOVE;
}

static void
op_listen_transport_open_async (OpTransport *transport, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer data)
{
  OpListenTransport *self = OP_LISTEN_TRANSPORT (transport);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  /* Closing cancels an opening, which may not have noticed when the next one begins. */
  if (self->waiting != NULL)
    fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled")));
  self->waiting = g_task_new (self, cancellable, callback, data);
  self->timeout = g_timeout_source_new_seconds (self->timeout_s);
  g_source_set_callback (self->timeout, on_timeout_cb, self, NULL);
  g_source_attach (self->timeout, context);
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, context);
  g_signal_emit (self, signals[WANTED], 0);
}

static void
on_received_cb (OpTransport *connection, GBytes *bytes, gpointer data)
{
  g_autoptr (OpListenTransport) self = g_object_ref (data);

  if (self->replay == NULL)
    {
      op_transport_emit_received (data, bytes);
      return;
    }
  /* In order. */
  g_autoptr (GByteArray) all = g_bytes_unref_to_array (g_steal_pointer (&self->received));

  g_byte_array_append (all, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  self->received = g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

static gboolean
on_replay_cb (gpointer data)
{
  g_autoptr (OpListenTransport) self = g_object_ref (data);
  g_autoptr (GBytes) received = g_steal_pointer (&self->received);

  clear_source (&self->replay);
  if (g_bytes_get_size (received) > 0)
    op_transport_emit_received (data, received);
  return G_SOURCE_REMOVE;
}

static void
on_closed_cb (OpTransport *connection, GError *error, gpointer data)
{
  op_transport_emit_closed (data, error);
}

static gboolean
op_listen_transport_open_finish (OpTransport *transport, GAsyncResult *result, GError **error)
{
  OpListenTransport *self = OP_LISTEN_TRANSPORT (transport);
  Call *call = g_task_propagate_pointer (G_TASK (result), error);

  if (call == NULL)
    return FALSE;
  if (!op_transport_is_open (call->connection))
    {
      g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP, _ ("%s hung up as soon as it had called."),
                   op_transport_get_name (call->connection));
      call_free (call);
      g_signal_emit (self, signals[UNWANTED], 0);
      return FALSE;
    }
  self->connection = g_object_ref (call->connection);
  self->received = g_bytes_ref (call->received);
  call_free (call);
  self->received_handler = g_signal_connect (self->connection, "received", G_CALLBACK (on_received_cb), self);
  self->closed_handler = g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed_cb), self);
  self->replay = op_wake_source_attach (on_replay_cb, self);
  g_source_set_ready_time (self->replay, 0);
  op_transport_set_is_open (transport, TRUE);
  return TRUE;
}

static void
op_listen_transport_send (OpTransport *transport, GBytes *bytes)
{
  op_transport_send (OP_LISTEN_TRANSPORT (transport)->connection, bytes);
}

static void
op_listen_transport_close (OpTransport *transport)
{
  OpListenTransport *self = OP_LISTEN_TRANSPORT (transport);

  clear_source (&self->replay);
  g_clear_pointer (&self->received, g_bytes_unref);
  g_clear_signal_handler (&self->received_handler, self->connection);
  g_clear_signal_handler (&self->closed_handler, self->connection);
  op_transport_close (self->connection);
  g_clear_object (&self->connection);
  g_signal_emit (self, signals[UNWANTED], 0);
}

static void
op_listen_transport_finalize (GObject *object)
{
  g_free (OP_LISTEN_TRANSPORT (object)->remark);
  G_OBJECT_CLASS (op_listen_transport_parent_class)->finalize (object);
}

static void
op_listen_transport_class_init (OpListenTransportClass *klass)
{
  OpTransportClass *transport_class = OP_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = op_listen_transport_finalize;
  transport_class->open_async = op_listen_transport_open_async;
  transport_class->open_finish = op_listen_transport_open_finish;
  transport_class->send = op_listen_transport_send;
  transport_class->close = op_listen_transport_close;

  signals[WANTED] = g_signal_new ("wanted", OP_TYPE_LISTEN_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[UNWANTED] = g_signal_new ("unwanted", OP_TYPE_LISTEN_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}

static void
op_listen_transport_init (OpListenTransport *self)
{
}

OpTransport *
op_listen_transport_new (const char *name, guint timeout_s)
{
  OpListenTransport *self = g_object_new (OP_TYPE_LISTEN_TRANSPORT, NULL);

  self->timeout_s = timeout_s;
  op_transport_set_name (OP_TRANSPORT (self), name);
  return OP_TRANSPORT (self);
}

gboolean
op_listen_transport_is_waiting (OpListenTransport *self)
{
  g_return_val_if_fail (OP_IS_LISTEN_TRANSPORT (self), FALSE);

  return self->waiting != NULL && !g_cancellable_is_cancelled (g_task_get_cancellable (self->waiting));
}

void
op_listen_transport_hand_over (OpListenTransport *self, OpTransport *connection, GBytes *received)
{
  g_return_if_fail (op_listen_transport_is_waiting (self));

  g_autoptr (GTask) task = stop_waiting (self);
  Call *call = g_new (Call, 1);

  *call = (Call) { g_object_ref (connection), g_bytes_ref (received) };
  g_task_return_pointer (task, call, (GDestroyNotify) call_refuse);
}

void
op_listen_transport_set_remark (OpListenTransport *self, const char *remark)
{
  g_return_if_fail (OP_IS_LISTEN_TRANSPORT (self));

  g_free (self->remark);
  self->remark = g_strdup (remark);
}

void
op_listen_transport_fail (OpListenTransport *self, const GError *error)
{
  g_return_if_fail (op_listen_transport_is_waiting (self));

  fail (self, g_error_copy (error));
}

void
op_listen_transport_hang_up (OpListenTransport *self)
{
  g_return_if_fail (OP_IS_LISTEN_TRANSPORT (self));

  g_autoptr (GError) error = g_error_new (OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_HUNG_UP,
                                          _ ("The logger has called %s again."),
                                          op_transport_get_name (OP_TRANSPORT (self)));

  op_transport_emit_closed (OP_TRANSPORT (self), error);
}
