/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/transport.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char         *name;
  gboolean      is_open;
  GCancellable *opening; /* ends the opening that is under way */
} OpTransportPrivate;

/* One call of op_transport_open_async(). */
typedef struct
{
  GCancellable *cancellable; /* handed to the implementation; follows the caller's and close() */
  GCancellable *callers;
  gulong        callers_handler;
} Opening;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OpTransport, op_transport, G_TYPE_OBJECT)
G_DEFINE_QUARK (op-transport-error-quark, op_transport_error)

enum
{
  RECEIVED,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static OpTransportPrivate *
get_private (OpTransport *self)
{
  return op_transport_get_instance_private (self);
}

static void
opening_free (Opening *opening)
{
  if (opening->callers != NULL)
    g_cancellable_disconnect (opening->callers, opening->callers_handler);
  g_clear_object (&opening->callers);
  g_clear_object (&opening->cancellable);
  g_free (opening);
}

static void
on_callers_cancelled_cb (GCancellable *callers, gpointer data)
{
  g_cancellable_cancel (data);
}

static Opening *
opening_new (GCancellable *callers)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->cancellable = g_cancellable_new ();
  if (callers != NULL)
    {
      opening->callers = g_object_ref (callers);
      opening->callers_handler = g_cancellable_connect (callers, G_CALLBACK (on_callers_cancelled_cb),
                                                        g_object_ref (opening->cancellable), g_object_unref);
    }
  return opening;
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  OpTransport *self = OP_TRANSPORT (source);
  OpTransportPrivate *priv = get_private (self);
  g_autoptr (GTask) task = data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean opened = OP_TRANSPORT_GET_CLASS (self)->open_finish (self, result, &error);

  if (priv->opening == opening->cancellable)
    g_clear_object (&priv->opening);

  if (opened)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
transport_set_baud (OpTransport *self, guint baud, GError **error)
{
  g_set_error (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_FAILED, _ ("%s has no speed that could be set."),
               op_transport_get_name (self));
  return FALSE;
}

static guint
transport_get_baud (OpTransport *self)
{
  return 0;
}

static void
op_transport_dispose (GObject *object)
{
  op_transport_close (OP_TRANSPORT (object));
  G_OBJECT_CLASS (op_transport_parent_class)->dispose (object);
}

static void
op_transport_finalize (GObject *object)
{
  OpTransportPrivate *priv = get_private (OP_TRANSPORT (object));

  g_clear_object (&priv->opening);
  g_free (priv->name);
  G_OBJECT_CLASS (op_transport_parent_class)->finalize (object);
}

static void
op_transport_class_init (OpTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = op_transport_dispose;
  object_class->finalize = op_transport_finalize;
  klass->get_baud = transport_get_baud;
  klass->set_baud = transport_set_baud;

  signals[RECEIVED] = g_signal_new ("received", OP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                    G_TYPE_BYTES | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[CLOSED] = g_signal_new ("closed", OP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
op_transport_init (OpTransport *self)
{
}

void
op_transport_open_async (OpTransport *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data)
{
  g_return_if_fail (OP_IS_TRANSPORT (self));

  OpTransportPrivate *priv = get_private (self);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);
  Opening *opening;

  g_task_set_source_tag (task, op_transport_open_async);
  if (priv->is_open || (priv->opening != NULL && !g_cancellable_is_cancelled (priv->opening)))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               _ ("%s is already open or being opened."), op_transport_get_name (self));
      return;
    }

  opening = opening_new (cancellable);
  g_task_set_task_data (task, opening, (GDestroyNotify) opening_free);
  g_set_object (&priv->opening, opening->cancellable);
  OP_TRANSPORT_GET_CLASS (self)->open_async (self, opening->cancellable, on_opened_cb,
                                             g_steal_pointer (&task));
}

gboolean
op_transport_open_finish (OpTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
op_transport_send (OpTransport *self, GBytes *bytes)
{
  g_return_if_fail (OP_IS_TRANSPORT (self));

  if (get_private (self)->is_open && g_bytes_get_size (bytes) > 0)
    OP_TRANSPORT_GET_CLASS (self)->send (self, bytes);
}

void
op_transport_close (OpTransport *self)
{
  g_return_if_fail (OP_IS_TRANSPORT (self));

  OpTransportPrivate *priv = get_private (self);
  g_autoptr (GCancellable) opening = g_steal_pointer (&priv->opening);

  if (opening != NULL)
    g_cancellable_cancel (opening);
  if (priv->is_open)
    {
      priv->is_open = FALSE;
      OP_TRANSPORT_GET_CLASS (self)->close (self);
    }
}

gboolean
op_transport_is_open (OpTransport *self)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (self), FALSE);

  return get_private (self)->is_open;
}

guint
op_transport_get_baud (OpTransport *self)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (self), 0);

  return OP_TRANSPORT_GET_CLASS (self)->get_baud (self);
}

gboolean
op_transport_set_baud (OpTransport *self, guint baud, GError **error)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (self), FALSE);

  return OP_TRANSPORT_GET_CLASS (self)->set_baud (self, baud, error);
}

const char *
op_transport_get_name (OpTransport *self)
{
  g_return_val_if_fail (OP_IS_TRANSPORT (self), NULL);

  OpTransportPrivate *priv = get_private (self);

  return priv->name != NULL ? priv->name : G_OBJECT_TYPE_NAME (self);
}

void
op_transport_set_name (OpTransport *self, const char *name)
{
  OpTransportPrivate *priv = get_private (self);

  g_free (priv->name);
  priv->name = g_strdup (name);
}

void
op_transport_set_is_open (OpTransport *self, gboolean is_open)
{
  get_private (self)->is_open = is_open;
}

void
op_transport_emit_received (OpTransport *self, GBytes *bytes)
{
  g_signal_emit (self, signals[RECEIVED], 0, bytes);
}

void
op_transport_emit_closed (OpTransport *self, const GError *error)
{
  g_autoptr (OpTransport) alive = g_object_ref (self);
  g_autoptr (GError) copy = g_error_copy (error);

  if (!get_private (self)->is_open)
    return;

  op_transport_close (self);
  g_signal_emit (self, signals[CLOSED], 0, copy);
}
