/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/table.h"

#include "protocol/table-private.h"

#include <string.h>

G_DEFINE_QUARK (op-table-error-quark, op_table_error)

OpTable *
op_table_ref (OpTable *table)
{
  g_atomic_ref_count_inc (&table->ref_count);
  return table;
}

void
op_field_clear (OpField *field)
{
  g_clear_pointer (&field->name, g_free);
  g_clear_pointer (&field->processing, g_free);
  g_clear_pointer (&field->units, g_free);
  g_clear_pointer (&field->description, g_free);
  g_clear_pointer (&field->sub_dims, g_free);
}

void
op_table_unref (OpTable *table)
{
  if (!g_atomic_ref_count_dec (&table->ref_count))
    return;
  for (guint i = 0; i < table->n_fields; i++)
    op_field_clear (&table->fields[i]);
  g_free (table->fields);
  g_free (table->columns);
  g_free (table->name);
  g_clear_pointer (&table->definition, g_bytes_unref);
  g_free (table);
}

const OpField *
op_table_get_column (const OpTable *table, guint column, guint *element)
{
  g_return_val_if_fail (column < table->n_columns, NULL);

  if (element != NULL)
    *element = table->columns[column].element;
  return &table->fields[table->columns[column].field];
}

/** The dimensions that count elements: those of ASCII end with the string's length (pakbus-facts D5). */
static guint
count_index_dims (const OpField *field)
{
  return field->type == OP_TYPE_ASCII && field->n_sub_dims > 0 ? field->n_sub_dims - 1 : field->n_sub_dims;
}

/** Whether the name stands alone: an array of one element is shown as a scalar (pakbus-facts D6). */
static gboolean
is_scalar (const OpField *field, guint n_dims)
{
  if (field->n_elements != 1 || field->begin_index > 1)
    return FALSE;
  for (guint i = 0; i < n_dims; i++)
    {
      if (field->sub_dims[i] != 1)
        return FALSE;
    }
  return TRUE;
}

/** Indices from 1, the last one running fastest; the first takes what goes past the dimensions. */
static void
append_indices (GString *name, const OpField *field, guint n_dims, guint64 place)
{
  g_autofree guint64 *indices = g_new (guint64, n_dims);

  for (guint i = n_dims; i-- > 1; place /= field->sub_dims[i])
    indices[i] = place % field->sub_dims[i] + 1;
  indices[0] = place + 1;
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (name, "%c%" G_GUINT64_FORMAT, i == 0 ? '(' : ',', indices[i]);
  g_string_append_c (name, ')');
}

char *
op_table_dup_column_name (const OpTable *table, guint column)
{
  guint          element;
  const OpField *field = op_table_get_column (table, column, &element);
  guint          n_dims;
  GString       *name;

  g_return_val_if_fail (field != NULL, NULL);

  n_dims = count_index_dims (field);
  name = g_string_new (field->name);
  if (!is_scalar (field, n_dims))
    append_indices (name, field, MAX (n_dims, 1), (guint64) MAX (field->begin_index, 1) - 1 + element);
  return g_string_free (name, FALSE);
}

gint
op_table_find_column (const OpTable *table, const char *name)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      const OpField    *field = op_table_get_column (table, i, NULL);
      g_autofree char *column_name = NULL;

      if (g_ascii_strncasecmp (name, field->name, strlen (field->name)) != 0)
        continue;
      column_name = op_table_dup_column_name (table, i);
      if (g_ascii_strcasecmp (name, column_name) == 0)
        return (gint) i;
    }
  return -1;
}

/** Bytes that the elements of @field take at the start of @bytes; FALSE when they go past @length. */
static gboolean
measure_field (const OpField *field, const guint8 *bytes, gsize length, gsize *size)
{
  *size = 0;
  if (field->type != OP_TYPE_ASCIIZ)
    *size = field->n_elements * field->element_size;
  else
    for (guint i = 0; i < field->n_elements; i++)
      {
        const guint8 *end = *size < length ? memchr (bytes + *size, 0, length - *size) : NULL;

        if (end == NULL)
          return FALSE;
        *size = end + 1 - bytes;
      }
  return *size <= length;
}

gsize
op_table_record_length (const OpTable *table, gboolean with_stamp, const guint8 *bytes, gsize length)
{
  gsize used = with_stamp ? table->stamp_size : 0;

  if (table->record_size > 0)
    return used + table->record_size <= length ? used + table->record_size : 0;
  if (used > length)
    return 0;
  for (guint i = 0; i < table->n_fields; i++)
    {
      gsize size;

      if (!measure_field (&table->fields[i], bytes + used, length - used, &size))
        return 0;
      used += size;
    }
  return used;
}

gboolean
op_table_keeps_records (const OpTable *table)
{
  return !g_str_equal (table->name, "Public") && !g_str_equal (table->name, "Status");
}
