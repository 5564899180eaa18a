/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Table definitions as loggers send them (BMP5 manual 2.3.4.2; pakbus-facts D; file-formats.md, section 7). */
#include "protocol/table-private.h"

#include "protocol/signature.h"
#include "protocol/text.h"

#include <string.h>

#define FILE_VERSION     1
#define FIELD_READ_ONLY  0x80
#define MAX_SUB_DIMS     16

/* Reads forward; after the first error every read gives zeros and the error stays. */
typedef struct
{
  const guint8 *bytes;
  gsize         length;
  gsize         offset;
  const char   *table;
  const char   *field;
  GError       *error;
} Reader;

G_GNUC_PRINTF (3, 4)
static void
fail (Reader *reader, OpTableError code, const char *format, ...)
{
  g_autofree char *reason = NULL;
  GString         *place;
  va_list          arguments;

  if (reader->error != NULL)
    return;
  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  place = g_string_new ("Table definition");
  if (reader->table != NULL)
    g_string_append_printf (place, " of “%s”", reader->table);
  if (reader->field != NULL)
    g_string_append_printf (place, ", field “%s”", reader->field);
  reader->error = g_error_new (OP_TABLE_ERROR, (gint) code, "%s, byte %" G_GSIZE_FORMAT ": %s", place->str,
                               reader->offset, reason);
  g_string_free (place, TRUE);
}

static const guint8 *
take (Reader *reader, gsize size, const char *what)
{
  const guint8 *bytes = reader->bytes + reader->offset;

  if (reader->error != NULL)
    return NULL;
  if (size > reader->length - reader->offset)
    {
      fail (reader, OP_TABLE_ERROR_TRUNCATED, "the definition ends within the %s", what);
      return NULL;
    }
  reader->offset += size;
  return bytes;
}

static guint8
take_byte (Reader *reader, const char *what)
{
  const guint8 *bytes = take (reader, 1, what);

  return bytes != NULL ? bytes[0] : 0;
}

static guint32
take_uint4 (Reader *reader, const char *what)
{
  const guint8 *bytes = take (reader, 4, what);

  return bytes != NULL ? (guint32) op_value_get_number (OP_TYPE_UINT4, bytes) : 0;
}

static OpTime
take_nsec (Reader *reader, const char *what)
{
  const guint8 *bytes = take (reader, 8, what);

  return bytes != NULL ? op_value_get_time (OP_TYPE_NSEC, bytes) : 0;
}

/** Takes a text with its NUL; NULL on error. @length is that of the text alone. */
static const char *
take_bytes_to_nul (Reader *reader, const char *what, gsize *length)
{
  const guint8 *start = reader->bytes + reader->offset;
  gsize         left = reader->length - reader->offset;
  const guint8 *end = left > 0 ? memchr (start, 0, left) : NULL;

  if (reader->error == NULL && end == NULL)
    fail (reader, OP_TABLE_ERROR_TRUNCATED, "the definition ends within the %s", what);
  if (reader->error != NULL)
    return NULL;
  *length = end - start;
  reader->offset += *length + 1;
  return (const char *) start;
}

static char *
take_text (Reader *reader, const char *what)
{
  gsize       length;
  const char *bytes = take_bytes_to_nul (reader, what, &length);

  return bytes != NULL ? op_text_dup_utf8 (bytes, length) : g_strdup ("");
}

static void
skip_aliases (Reader *reader)
{
  gsize length = 1;

  while (length > 0 && take_bytes_to_nul (reader, "aliases", &length) != NULL)
    continue;
}

static void
take_sub_dims (Reader *reader, OpField *field)
{
  field->sub_dims = g_new0 (guint32, MAX_SUB_DIMS);
  for (;;)
    {
      guint32 dim = take_uint4 (reader, "sub-dimensions");

      if (dim == 0)
        return;
      if (field->n_sub_dims == MAX_SUB_DIMS)
        {
          fail (reader, OP_TABLE_ERROR_LIMIT, "more than %d dimensions", MAX_SUB_DIMS);
          return;
        }
      field->sub_dims[field->n_sub_dims++] = dim;
    }
}

/**
 * Splits the piece into elements. Dimension alone gives the number of bytes: the product of the sub-dimensions may
 * exceed it (pakbus-facts D7). The Dimension of ASCII counts characters (D5). For ASCIIZ, which no captured
 * definition has, it is read as the number of strings.
 */
static void
size_field (Reader *reader, OpField *field)
{
  guint32 string_length = field->n_sub_dims > 0 ? field->sub_dims[field->n_sub_dims - 1] : field->dimension;
  guint32 n_elements = field->dimension;

  field->element_size = op_type_size (field->type);
  if (field->type == OP_TYPE_ASCII && field->dimension > 0)
    {
      string_length = MIN (string_length, field->dimension);
      if (field->dimension % string_length != 0)
        fail (reader, OP_TABLE_ERROR_LIMIT, "%u characters do not divide into strings of %u", field->dimension,
              string_length);
      field->element_size = string_length;
      n_elements = field->dimension / string_length;
    }
  if (n_elements > OP_TABLE_MAX_COLUMNS)
    fail (reader, OP_TABLE_ERROR_LIMIT, "%u elements, more than the %d of a whole table", n_elements,
          OP_TABLE_MAX_COLUMNS);
  else
    field->n_elements = n_elements;
}

static void
take_field (Reader *reader, guint8 type, OpField *field)
{
  field->read_only = (type & FIELD_READ_ONLY) != 0;
  field->type = type & ~FIELD_READ_ONLY;
  field->name = take_text (reader, "field name");
  reader->field = field->name;
  if (!op_type_is_known (field->type))
    fail (reader, OP_TABLE_ERROR_TYPE, "unknown data type %u", (guint) field->type);
  skip_aliases (reader);
  field->processing = take_text (reader, "processing");
  field->units = take_text (reader, "units");
  field->description = take_text (reader, "description");
  field->begin_index = take_uint4 (reader, "begin index");
  field->dimension = take_uint4 (reader, "dimension");
  take_sub_dims (reader, field);
  if (reader->error == NULL)
    size_field (reader, field);
}

/** Gives @field its place behind the fields before it. */
static void
place_field (Reader *reader, OpTable *table, OpField *field, gboolean *variable)
{
  gsize size = field->n_elements * field->element_size;

  field->offset = table->record_size;
  field->first_column = table->n_columns;
  *variable |= field->type == OP_TYPE_ASCIIZ && field->n_elements > 0;
  if (table->n_columns + field->n_elements > OP_TABLE_MAX_COLUMNS)
    fail (reader, OP_TABLE_ERROR_LIMIT, "more than %d columns in the table", OP_TABLE_MAX_COLUMNS);
  else if (table->record_size + size > OP_TABLE_MAX_RECORD_SIZE)
    fail (reader, OP_TABLE_ERROR_LIMIT, "a record of more than %d bytes", OP_TABLE_MAX_RECORD_SIZE);
  table->n_columns += field->n_elements;
  table->record_size += size;
}

static void
take_fields (Reader *reader, OpTable *table)
{
  g_autoptr (GArray) fields = g_array_new (FALSE, TRUE, sizeof (OpField));
  gboolean           variable = FALSE;
  guint8             type;

  while (reader->error == NULL && (type = take_byte (reader, "list of fields")) != 0)
    {
      OpField *field;

      g_array_set_size (fields, fields->len + 1);
      field = &g_array_index (fields, OpField, fields->len - 1);
      take_field (reader, type, field);
      if (fields->len > OP_TABLE_MAX_FIELDS)
        fail (reader, OP_TABLE_ERROR_LIMIT, "more than %d fields", OP_TABLE_MAX_FIELDS);
      if (reader->error == NULL)
        place_field (reader, table, field, &variable);
      reader->field = NULL;
    }
  if (variable)
    table->record_size = 0;
  table->n_fields = fields->len;
  table->fields = (OpField *) (gpointer) g_array_free (g_steal_pointer (&fields), FALSE);
}

static void
take_time_type (Reader *reader, OpTable *table)
{
  guint8 type = take_byte (reader, "time type");

  if (reader->error != NULL)
    return;
  if (!op_type_is_known (type) || op_type_kind (type) != OP_KIND_TIME)
    {
      fail (reader, OP_TABLE_ERROR_TYPE, "data type %u is no type of time", type);
      return;
    }
  table->time_type = type;
  table->stamp_size = op_type_size (type);
}

static void
index_columns (OpTable *table)
{
  guint column = 0;

  table->columns = g_new (OpColumnRef, table->n_columns);
  for (guint i = 0; i < table->n_fields; i++)
    {
      for (guint element = 0; element < table->fields[i].n_elements; element++)
        table->columns[column++] = (OpColumnRef){ i, element };
    }
}

static OpTable *
take_table (Reader *reader, guint number)
{
  g_autoptr (OpTable) table = g_new0 (OpTable, 1);
  const guint8 *start = reader->bytes + reader->offset;
  gsize         length;

  g_atomic_ref_count_init (&table->ref_count);
  table->number = number;
  table->name = take_text (reader, "table name");
  reader->table = table->name;
  table->size = take_uint4 (reader, "table size");
  take_time_type (reader, table);
  table->into = take_nsec (reader, "time into the interval");
  table->interval = take_nsec (reader, "interval");
  if (table->interval < 0)
    fail (reader, OP_TABLE_ERROR_LIMIT, "the interval is negative");
  take_fields (reader, table);
  reader->table = NULL;
  if (reader->error != NULL)
    return NULL;
  index_columns (table);
  length = reader->bytes + reader->offset - start;
  table->signature = op_signature (start, length, OP_SIGNATURE_SEED);
  table->definition = g_bytes_new (start, length);
  return g_steal_pointer (&table);
}

OpTable *
op_table_parse (const guint8 *bytes, gsize length, guint number, gsize *consumed, GError **error)
{
  Reader   reader = { .bytes = bytes, .length = length };
  OpTable *table = take_table (&reader, number);

  if (table == NULL)
    g_propagate_error (error, reader.error);
  else if (consumed != NULL)
    *consumed = reader.offset;
  return table;
}

GPtrArray *
op_table_parse_file (const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_table_unref);
  Reader reader = { .bytes = bytes, .length = length };
  guint8 version = take_byte (&reader, "file version");

  if (version != FILE_VERSION)
    fail (&reader, OP_TABLE_ERROR_VERSION, "file version %u, not %d", version, FILE_VERSION);
  while (reader.error == NULL && reader.offset < length)
    {
      OpTable *table = take_table (&reader, tables->len + 1);

      if (table == NULL)
        break;
      g_ptr_array_add (tables, table);
      if (tables->len > OP_TABLE_MAX_TABLES)
        fail (&reader, OP_TABLE_ERROR_LIMIT, "more than %d tables", OP_TABLE_MAX_TABLES);
    }
  if (reader.error == NULL)
    return g_steal_pointer (&tables);
  g_propagate_error (error, reader.error);
  return NULL;
}
