/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/secrets.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

static const SecretSchema *
get_schema (void)
{
  static const SecretSchema schema = {
    "io.github.outpost.Outpost.SecurityCode", SECRET_SCHEMA_NONE, { { "uri", SECRET_SCHEMA_ATTRIBUTE_STRING } },
    0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  };
  return &schema;
}

static void
on_looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  char *text = secret_password_lookup_finish (result, &error);
  guint64 code;
  if (error != NULL)
    g_debug ("No security code from the keyring: %s", error->message);
  gboolean found = text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &code, NULL);
  g_task_return_int (task, found ? (gssize) code : -1);
  secret_password_free (text);
}

void
op_secrets_look_up_async (const char *uri, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_check_cancellable (task, FALSE);
  secret_password_lookup (get_schema (), cancellable, on_looked_up_cb, task, "uri", uri, NULL);
}

gint
op_secrets_look_up_finish (GAsyncResult *result)
{
  return (gint) g_task_propagate_int (G_TASK (result), NULL);
}

static void
on_kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  gboolean kept = secret_password_store_finish (result, &error);
  if (!kept)
    g_debug ("The security code is not kept: %s", error->message);
  g_task_return_boolean (task, kept);
}

void
op_secrets_keep_async (const char *uri, guint16 code, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  g_autofree char *label = g_strdup_printf (_("Security code of %s"), uri);
  g_autofree char *text = g_strdup_printf ("%u", code);
  g_task_set_check_cancellable (task, FALSE);
  secret_password_store (get_schema (), SECRET_COLLECTION_DEFAULT, label, text, cancellable, on_kept_cb, task, "uri",
                         uri, NULL);
}

gboolean
op_secrets_keep_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
on_forgotten_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  if (!secret_password_clear_finish (result, &error) && error != NULL)
    g_debug ("No security code was removed from the keyring: %s", error->message);
}

void
op_secrets_forget (const char *uri)
{
  secret_password_clear (get_schema (), NULL, on_forgotten_cb, NULL, "uri", uri, NULL);
}
