/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes TOA5 as the vendor's CardConvert does, and TOACI1 (file-formats.md, sections 1 and 2). */
#include "protocol/formats/toa5.h"

#include <math.h>
#include <string.h>

#define LINE_END "\r\n"

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

static void
append_time (GString *out, OpTime time)
{
  char  text[OP_TIME_TEXT_SIZE + 2];
  gsize length;

  if (time == OP_TIME_UNKNOWN)
    {
      g_string_append (out, "\"NAN\"");
      return;
    }
  text[0] = '"';
  length = op_time_format (time, text + 1);
  text[length + 1] = '"';
  g_string_append_len (out, text, length + 2);
}

static void
append_number (GString *out, OpType type, double number)
{
  char     text[OP_VALUE_TEXT_SIZE + 2];
  gboolean quoted = type == OP_TYPE_BOOL8 || !isfinite (number);
  gsize    length = op_value_format_number (type, number, text + 1);

  if (!quoted)
    {
      g_string_append_len (out, text + 1, length);
      return;
    }
  text[0] = text[length + 1] = '"';
  g_string_append_len (out, text, length + 2);
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

static void
append_record_number (GString *out, guint32 record)
{
  char  text[OP_VALUE_TEXT_SIZE];
  gsize length = op_value_format_number (OP_TYPE_UINT4, record, text);

  g_string_append_c (out, ',');
  g_string_append_len (out, text, length);
}

void
op_toa5_append_records (GString *out, const OpBatch *batch, gsize first, gsize count)
{
  guint              n_columns = op_batch_get_n_columns (batch);
  g_autofree Column *columns = NULL;
  const OpTime      *times = op_batch_get_times (batch);
  const guint32     *records = op_batch_get_records (batch);

  g_return_if_fail (n_columns == op_batch_get_table (batch)->n_columns);
  g_return_if_fail (first + count <= op_batch_get_n_records (batch));

  columns = look_up_columns (batch, n_columns);
  for (gsize row = first; row < first + count; row++)
    {
      append_time (out, times[row]);
      append_record_number (out, records[row]);
      for (guint i = 0; i < n_columns; i++)
        {
          g_string_append_c (out, ',');
          if (columns[i].kind == OP_KIND_NUMBER)
            append_number (out, columns[i].type, columns[i].numbers[row]);
          else if (columns[i].kind == OP_KIND_TIME)
            append_time (out, columns[i].times[row]);
          else
            append_quoted (out, op_batch_get_text (batch, i, row));
        }
      g_string_append (out, LINE_END);
    }
}
