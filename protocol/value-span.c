/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/value-span.h"

#include "protocol/text.h"

#include <glib/gi18n-lib.h>

#include <math.h>
#include <string.h>

OpValueSpan *
op_value_span_new (const char *table, const char *field, OpType type, guint count, guint text_size)
{
  OpValueSpan *span = g_new0 (OpValueSpan, 1);

  span->table = g_strdup (table);
  span->field = g_strdup (field);
  span->type = type;
  span->count = count;
  span->text_size = type == OP_TYPE_ASCII ? text_size : 0;
  return span;
}

OpValueSpan *
op_value_span_copy (const OpValueSpan *span)
{
  OpValueSpan *copy = op_value_span_new (span->table, span->field, span->type, span->count, span->text_size);

  copy->definition = span->definition != NULL ? op_table_ref (span->definition) : NULL;
  copy->column = span->column;
  return copy;
}

void
op_value_span_free (OpValueSpan *span)
{
  g_free (span->table);
  g_free (span->field);
  g_clear_pointer (&span->definition, op_table_unref);
  g_free (span);
}

static OpTable *
find_table (const GPtrArray *tables, const char *name, gsize length)
{
  for (guint i = 0; i < tables->len; i++)
    {
      OpTable *table = g_ptr_array_index (tables, i);

      if (strlen (table->name) == length && g_ascii_strncasecmp (table->name, name, length) == 0)
        return table;
    }
  return NULL;
}

/* "Soil_T" is all elements of an array; "StationName(1)" is what no array is, too. */
static gint
find_column (const OpTable *table, const char *name, gboolean *is_whole)
{
  gint column = op_table_find_column (table, name);

  *is_whole = FALSE;
  if (column < 0 && g_str_has_suffix (name, "(1)"))
    {
      g_autofree char *without_index = g_strndup (name, strlen (name) - strlen ("(1)"));

      column = op_table_find_column (table, without_index);
    }
  for (guint i = 0; column < 0 && i < table->n_fields; i++)
    if (g_ascii_strcasecmp (table->fields[i].name, name) == 0)
      {
        column = (gint) table->fields[i].first_column;
        *is_whole = TRUE;
      }
  return column;
}

/* Elements from @column to the end of its array, all pieces of it. */
static guint
count_elements (const OpTable *table, guint column)
{
  const char *name = op_table_get_column (table, column, NULL)->name;
  guint end = column + 1;

  while (end < table->n_columns && g_str_equal (op_table_get_column (table, end, NULL)->name, name))
    end++;
  return end - column;
}

static OpValueSpan *
new_defined (OpTable *table, guint column, guint count)
{
  const OpField *field = op_table_get_column (table, column, NULL);
  g_autofree char *name = op_table_dup_column_name (table, column);
  OpValueSpan *span = op_value_span_new (table->name, name, field->type, count, (guint) field->element_size);

  span->definition = op_table_ref (table);
  span->column = column;
  return span;
}

OpValueSpan *
op_value_span_resolve (const GPtrArray *tables, const char *name, guint count, GError **error)
{
  const char *dot = strchr (name, '.');
  OpTable *table = dot != NULL ? find_table (tables, name, (gsize) (dot - name)) : NULL;
  gboolean is_whole;
  gint column;
  guint n_left;

  if (dot == NULL)
    {
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_NAME, _ ("“%s” names no field: it should be TABLE.FIELD"), name);
      return NULL;
    }
  column = table != NULL ? find_column (table, dot + 1, &is_whole) : -1;
  if (column < 0)
    {
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_NAME,
                   table != NULL ? _ ("Its table has no field “%s”") : _ ("The logger has no table of “%s”"), name);
      return NULL;
    }
  n_left = count_elements (table, (guint) column);
  if (count > n_left)
    {
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_RANGE, _ ("“%s” has %u values from there on, not %u"),
                   name, n_left, count);
      return NULL;
    }
  return new_defined (table, (guint) column, count > 0 ? count : is_whole ? n_left : 1);
}

/* The name of the element @first places behind "Name" or "Name(k)"; NULL when it has several indices. */
static char *
count_up (const char *name, guint first)
{
  const char *bracket = strchr (name, '(');
  guint64 index = 1;
  char *end;

  if (bracket == NULL)
    return g_strdup_printf ("%s(%u)", name, first + 1);
  index = g_ascii_strtoull (bracket + 1, &end, 10);
  if (end == bracket + 1 || strcmp (end, ")") != 0)
    return NULL;
  return g_strdup_printf ("%.*s(%" G_GUINT64_FORMAT ")", (int) (bracket - name), name, index + first);
}

OpValueSpan *
op_value_span_slice (const OpValueSpan *span, guint first, guint count, GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail ((guint64) first + count <= span->count, NULL);

  if (span->definition != NULL)
    {
      OpValueSpan *slice = new_defined (span->definition, span->column + first, count);

      slice->type = span->type;
      slice->text_size = span->text_size;
      return slice;
    }
  name = first == 0 ? g_strdup (span->field) : count_up (span->field, first);
  if (name == NULL)
    {
      g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_NAME,
                   "What comes %u places behind “%s” can be told only from the table's definition", first, span->field);
      return NULL;
    }
  return op_value_span_new (span->table, name, span->type, count, span->text_size);
}

gsize
op_value_span_element_size (const OpValueSpan *span)
{
  return span->type == OP_TYPE_ASCII ? span->text_size : op_type_size (span->type);
}

/* Where element @i begins, and how long it is without the NUL of ASCIIZ; FALSE when it is not all there. */
static gboolean
find_element (const OpValueSpan *span, GBytes *bytes, guint i, const guint8 **element, gsize *size)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const guint8 *end;

  *size = op_value_span_element_size (span);
  if (span->type != OP_TYPE_ASCIIZ)
    {
      *element = data + i * *size;
      return (i + 1) * *size <= length;
    }
  for (gsize offset = 0;; offset = (gsize) (end - data) + 1)
    {
      end = offset < length ? memchr (data + offset, '\0', length - offset) : NULL;
      if (end == NULL)
        return FALSE;
      if (i-- == 0)
        {
          *element = data + offset;
          *size = (gsize) (end - *element);
          return TRUE;
        }
    }
}

gboolean
op_value_span_check (const OpValueSpan *span, GBytes *bytes, GError **error)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize length = g_bytes_get_size (bytes);
  gsize wanted = span->count * op_value_span_element_size (span);
  const guint8 *last;
  gsize size;

  if (span->type == OP_TYPE_ASCIIZ && span->count > 0)
    wanted = find_element (span, bytes, span->count - 1, &last, &size) ? (gsize) (last - data) + size + 1 : length + 1;
  if (length == wanted)
    return TRUE;
  g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_RANGE, "%u %s of %s.%s do not fit in %" G_GSIZE_FORMAT " bytes",
               span->count, op_type_name (span->type), span->table, span->field, length);
  return FALSE;
}

double
op_value_span_get_number (const OpValueSpan *span, GBytes *bytes, guint i)
{
  const guint8 *element;
  gsize size;

  g_return_val_if_fail (op_type_kind (span->type) == OP_KIND_NUMBER, NAN);
  g_return_val_if_fail (i < span->count && find_element (span, bytes, i, &element, &size), NAN);

  return op_value_get_number (span->type, element);
}

char *
op_value_span_dup_text (const OpValueSpan *span, GBytes *bytes, guint i)
{
  char number[OP_VALUE_TEXT_SIZE];
  char time[OP_TIME_TEXT_SIZE];
  const guint8 *element;
  gsize size;

  g_return_val_if_fail (i < span->count && find_element (span, bytes, i, &element, &size), NULL);

  switch (op_type_kind (span->type))
    {
    case OP_KIND_NUMBER:
      op_value_format_number (span->type, op_value_get_number (span->type, element), number);
      return g_strdup (number);
    case OP_KIND_TIME:
      op_time_format (op_value_get_time (span->type, element), time);
      return g_strdup (time);
    default:
      return op_text_dup_utf8 ((const char *) element, size);
    }
}

static gboolean
parse_number (const char *text, double *number)
{
  char *end;

  if (g_ascii_strcasecmp (text, "true") == 0 || g_ascii_strcasecmp (text, "false") == 0)
    {
      *number = g_ascii_tolower (text[0]) == 't' ? -1 : 0;
      return TRUE;
    }
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static gboolean
append_text (const OpValueSpan *span, const char *text, GByteArray *out)
{
  gsize length = strlen (text);
  gsize begin = out->len;

  if (span->type == OP_TYPE_ASCIIZ)
    {
      g_byte_array_append (out, (const guint8 *) text, (guint) length + 1);
      return TRUE;
    }
  if (length > span->text_size)
    return FALSE;
  g_byte_array_set_size (out, (guint) begin + span->text_size);
  memset (out->data + begin, 0, span->text_size);
  memcpy (out->data + begin, text, length);
  return TRUE;
}

static gboolean
append_value (const OpValueSpan *span, const char *text, GByteArray *out)
{
  guint8 bytes[16];
  double number;
  OpTime time;

  g_assert (op_type_size (span->type) <= sizeof bytes);
  switch (op_type_kind (span->type))
    {
    case OP_KIND_TEXT:
      return append_text (span, text, out);
    case OP_KIND_TIME:
      if (!op_time_parse (text, &time))
        return FALSE;
      op_value_set_time (span->type, time, bytes);
      break;
    default:
      if (!parse_number (text, &number) || !op_value_set_number (span->type, number, bytes, NULL))
        return FALSE;
    }
  g_byte_array_append (out, bytes, (guint) op_type_size (span->type));
  return TRUE;
}

GBytes *
op_value_span_parse (const OpValueSpan *span, const char *const *texts, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  for (guint i = 0; i < span->count; i++)
    if (!append_value (span, texts[i], out))
      {
        g_set_error (error, OP_VALUE_ERROR, OP_VALUE_ERROR_RANGE, _ ("“%s” does not fit into %s.%s, of type %s"),
                     texts[i], span->table, span->field, op_type_name (span->type));
        return NULL;
      }
  return g_bytes_new (out->data, out->len);
}

static gboolean
are_numbers_equal (OpType type, double a, double b)
{
  gboolean is_wide = type == OP_TYPE_IEEE8 || type == OP_TYPE_IEEE8L;

  return (isnan (a) && isnan (b)) || a == b || (is_wide && (float) a == (float) b);
}

static gboolean
is_element_equal (const OpValueSpan *span, GBytes *a, GBytes *b, guint i)
{
  g_autofree char *text_a = NULL;
  g_autofree char *text_b = NULL;

  if (op_type_kind (span->type) == OP_KIND_NUMBER)
    return are_numbers_equal (span->type, op_value_span_get_number (span, a, i), op_value_span_get_number (span, b, i));
  text_a = op_value_span_dup_text (span, a, i);
  text_b = op_value_span_dup_text (span, b, i);
  return g_str_equal (text_a, text_b);
}

gboolean
op_value_span_is_equal (const OpValueSpan *span, GBytes *a, GBytes *b)
{
  for (guint i = 0; i < span->count; i++)
    if (!is_element_equal (span, a, b, i))
      return FALSE;
  return TRUE;
}
