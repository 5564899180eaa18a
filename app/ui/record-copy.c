/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/record-copy.h"

#include "app/ui/record-columns.h"

typedef struct
{
  GPtrArray    *rows; /* OpRecordRow */
  guint         n_missing;
  char         *heading;
  GArray       *columns;
  GdkClipboard *clipboard;
} Copy;

static void
copy_free (Copy *copy)
{
  for (guint i = 0; i < copy->rows->len; i++)
    g_signal_handlers_disconnect_by_data (copy->rows->pdata[i], copy);
  g_ptr_array_unref (copy->rows);
  g_free (copy->heading);
  g_array_unref (copy->columns);
  g_object_unref (copy->clipboard);
  g_free (copy);
}

static void
append_row (GString *text, OpRecordRow *row, const GArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    {
      gboolean is_nan;
      g_autofree char *value = op_record_column_dup_text (row, g_array_index (columns, int, i), &is_nan);

      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", value);
    }
  g_string_append_c (text, '\n');
}

static void
finish (Copy *copy)
{
  g_autoptr (GString) text = g_string_new (copy->heading);

  g_string_append_c (text, '\n');
  for (guint i = 0; i < copy->rows->len; i++)
    append_row (text, copy->rows->pdata[i], copy->columns);
  gdk_clipboard_set_text (copy->clipboard, text->str);
  copy_free (copy);
}

static void
on_loaded_cb (OpRecordRow *row, GParamSpec *pspec, Copy *copy)
{
  if (--copy->n_missing == 0)
    finish (copy);
}

void
op_record_copy (GListModel *rows, GtkBitset *selected, const char *const *titles, GArray *columns,
                GdkClipboard *clipboard)
{
  Copy *copy = g_new0 (Copy, 1);
  guint64 n = MIN (gtk_bitset_get_size (selected), OP_RECORD_COPY_MAX);

  copy->rows = g_ptr_array_new_with_free_func (g_object_unref);
  copy->heading = g_strjoinv ("\t", (char **) titles);
  copy->columns = g_array_ref (columns);
  copy->clipboard = g_object_ref (clipboard);
  for (guint64 i = 0; i < n; i++)
    {
      OpRecordRow *row = g_list_model_get_item (rows, gtk_bitset_get_nth (selected, (guint) i));

      g_ptr_array_add (copy->rows, row);
      if (op_record_row_get_loaded (row))
        continue;
      copy->n_missing++;
      g_signal_connect (row, "notify::loaded", G_CALLBACK (on_loaded_cb), copy);
    }
  if (copy->n_missing == 0)
    finish (copy);
}
