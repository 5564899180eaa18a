/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes TOA5 as the vendor's CardConvert does, and TOACI1 (file-formats.md, sections 1 and 2). */
#include "protocol/formats/toa5.h"

#include <math.h>
#include <string.h>

#define LINE_END "\r\n"
/* A value with its quotes and its comma. */
#define ROOM_A_VALUE (MAX (OP_VALUE_TEXT_SIZE, OP_TIME_TEXT_SIZE) + 3)

/* A column's values, looked up once for many rows. */
typedef struct
{
  OpKind        kind;
  OpType        type;
  const double *numbers;
  const OpTime *times;
} Column;

/** Quotes within the text are doubled. */
static void
append_quoted (GString *out, const char *text)
{
  const char *quote;

  g_string_append_c (out, '"');
  while ((quote = strchr (text, '"')) != NULL)
    {
      g_string_append_len (out, text, quote + 1 - text);
      g_string_append_c (out, '"');
      text = quote + 1;
    }
  g_string_append (out, text);
  g_string_append_c (out, '"');
}

static void
append_next_quoted (GString *out, const char *text)
{
  g_string_append_c (out, ',');
  append_quoted (out, text);
}

static void
append_origin (GString *out, const OpDataOrigin *origin, const OpTable *table)
{
  g_string_append (out, "\"TOA5\"");
  append_next_quoted (out, origin->station);
  append_next_quoted (out, origin->model);
  append_next_quoted (out, origin->serial);
  append_next_quoted (out, origin->os);
  append_next_quoted (out, origin->program);
  g_string_append_printf (out, ",\"%u\"", origin->program_signature);
  append_next_quoted (out, table->name);
  g_string_append (out, LINE_END);
}

static void
append_names (GString *out, const OpTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_autofree char *name = op_table_dup_column_name (table, i);

      append_next_quoted (out, name);
    }
}

void
op_toa5_append_header (GString *out, const OpDataOrigin *origin, const OpTable *table)
{
  append_origin (out, origin, table);
  g_string_append (out, "\"TIMESTAMP\",\"RECORD\"");
  append_names (out, table);
  g_string_append (out, LINE_END "\"TS\",\"RN\"");
  for (guint i = 0; i < table->n_columns; i++)
    append_next_quoted (out, op_table_get_column (table, i, NULL)->units);
  g_string_append (out, LINE_END "\"\",\"\"");
  for (guint i = 0; i < table->n_columns; i++)
    append_next_quoted (out, op_table_get_column (table, i, NULL)->processing);
  g_string_append (out, LINE_END);
}

void
op_toaci1_append_header (GString *out, const OpDataOrigin *origin, const OpTable *table)
{
  g_string_append (out, "\"TOACI1\"");
  append_next_quoted (out, origin->station);
  append_next_quoted (out, table->name);
  g_string_append (out, LINE_END "\"TMSTAMP\",\"RECNBR\"");
  append_names (out, table);
  g_string_append (out, LINE_END);
}

/* Values are written straight into the text's memory, behind which there is room for them. */

static char *
put_time (char *at, OpTime time)
{
  gsize length;

  if (time == OP_TIME_UNKNOWN)
    return mempcpy (at, "\"NAN\"", 5);
  at[0] = '"';
  length = op_time_format (time, at + 1);
  at[length + 1] = '"';
  return at + length + 2;
}

static char *
put_number (char *at, OpType type, double number)
{
  gboolean quoted = type == OP_TYPE_BOOL8 || !isfinite (number);
  gsize    length = op_value_format_number (type, number, at + quoted);

  if (!quoted)
    return at + length;
  at[0] = at[length + 1] = '"';
  return at + length + 2;
}

static Column *
look_up_columns (const OpBatch *batch, guint n_columns)
{
  Column *columns = g_new0 (Column, n_columns);

  for (guint i = 0; i < n_columns; i++)
    {
      columns[i].kind = op_batch_get_kind (batch, i);
      columns[i].type = op_batch_get_type (batch, i);
      if (columns[i].kind == OP_KIND_NUMBER)
        columns[i].numbers = op_batch_get_numbers (batch, i);
      else if (columns[i].kind == OP_KIND_TIME)
        columns[i].times = op_batch_get_time_values (batch, i);
    }
  return columns;
}

/** Makes room for @size bytes more and returns where they go; end_putting() says how many there were. */
static char *
begin_putting (GString *out, gsize size)
{
  gsize length = out->len;

  g_string_set_size (out, length + size);
  out->len = length;
  return out->str + length;
}

static void
end_putting (GString *out, const char *end)
{
  out->len = end - out->str;
  out->str[out->len] = '\0';
}

static void
append_row (GString *out, const OpBatch *batch, const Column *columns, guint n_columns, gsize row)
{
  char *at = begin_putting (out, (n_columns + 2) * ROOM_A_VALUE);

  at = put_time (at, op_batch_get_times (batch)[row]);
  *at++ = ',';
  at = put_number (at, OP_TYPE_UINT4, op_batch_get_records (batch)[row]);
  for (guint i = 0; i < n_columns; i++)
    {
      *at++ = ',';
      if (columns[i].kind == OP_KIND_NUMBER)
        at = put_number (at, columns[i].type, columns[i].numbers[row]);
      else if (columns[i].kind == OP_KIND_TIME)
        at = put_time (at, columns[i].times[row]);
      else
        {
          end_putting (out, at);
          append_quoted (out, op_batch_get_text (batch, i, row));
          at = begin_putting (out, (n_columns + 2) * ROOM_A_VALUE);
        }
    }
  end_putting (out, mempcpy (at, LINE_END, strlen (LINE_END)));
}

void
op_toa5_append_records (GString *out, const OpBatch *batch, gsize first, gsize count)
{
  guint              n_columns = op_batch_get_n_columns (batch);
  g_autofree Column *columns = NULL;

  g_return_if_fail (n_columns == op_batch_get_table (batch)->n_columns);
  g_return_if_fail (first + count <= op_batch_get_n_records (batch));

  columns = look_up_columns (batch, n_columns);
  for (gsize row = first; row < first + count; row++)
    append_row (out, batch, columns, n_columns, row);
}
