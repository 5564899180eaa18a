/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/transport/transport.h"

#include <glib/gi18n.h>
#include <glib/gprintf.h>
#include <math.h>

struct _CliColumns
{
  guint      n_columns;
  GPtrArray *cells;
};

void
cli_await_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

GAsyncResult *
cli_await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static CliStatus
status_for_error (const GError *error)
{
  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY))
    return CLI_SECURITY;
  if (g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER)
      || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_NODE)
      || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK)
      || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE)
      || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN))
    return CLI_NO_CONNECTION;
  if (g_error_matches (error, OP_TRANSPORT_ERROR, OP_TRANSPORT_ERROR_ADDRESS))
    return CLI_USAGE;
  return error->domain == OP_TRANSPORT_ERROR ? CLI_NO_CONNECTION : CLI_REFUSED;
}

CliStatus
cli_fail (GError *error)
{
  CliStatus status = status_for_error (error);

  g_printerr ("outpostctl: %s\n", error->message);
  g_error_free (error);
  return status;
}

CliStatus
cli_usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("outpostctl: %s\n", text);
  return CLI_USAGE;
}

void
cli_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  g_print ("%s\n", text);
}

void
cli_print_builder (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  cli_print_json (root);
}

void
cli_add_value (JsonBuilder *builder, double number, const char *text)
{
  if (isfinite (number))
    json_builder_add_double_value (builder, number);
  else
    json_builder_add_string_value (builder, text);
}

CliColumns *
cli_columns_new (guint n_columns, ...)
{
  CliColumns *columns = g_new0 (CliColumns, 1);
  va_list args;

  columns->n_columns = n_columns;
  columns->cells = g_ptr_array_new_with_free_func (g_free);
  va_start (args, n_columns);
  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (columns->cells, g_strdup (va_arg (args, const char *)));
  va_end (args);
  return columns;
}

void
cli_columns_add (CliColumns *columns, ...)
{
  va_list args;

  va_start (args, columns);
  for (guint i = 0; i < columns->n_columns; i++)
    g_ptr_array_add (columns->cells, g_strdup (va_arg (args, const char *)));
  va_end (args);
}

void
cli_columns_print (CliColumns *columns)
{
  g_autofree glong *widths = g_new0 (glong, columns->n_columns);

  for (guint i = 0; i < columns->cells->len; i++)
    {
      glong width = g_utf8_strlen (g_ptr_array_index (columns->cells, i), -1);

      widths[i % columns->n_columns] = MAX (widths[i % columns->n_columns], width);
    }
  for (guint i = 0; i < columns->cells->len; i++)
    {
      const char *cell = g_ptr_array_index (columns->cells, i);
      guint column = i % columns->n_columns;

      if (column + 1 == columns->n_columns)
        g_print ("%s\n", cell);
      else
        g_print ("%s%*s", cell, (int) (widths[column] - g_utf8_strlen (cell, -1)) + 2, "");
    }
}

void
cli_columns_free (CliColumns *columns)
{
  g_ptr_array_unref (columns->cells);
  g_free (columns);
}
