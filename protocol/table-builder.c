/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/table.h"

#include <string.h>

struct _OpTableBuilder
{
  GByteArray *bytes;
};

static void
put_byte (OpTableBuilder *builder, guint8 byte)
{
  g_byte_array_append (builder->bytes, &byte, 1);
}

static void
put_uint4 (OpTableBuilder *builder, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (builder->bytes, (const guint8 *) &big_endian, sizeof big_endian);
}

static void
put_nsec (OpTableBuilder *builder, OpTime time)
{
  guint8 bytes[8];

  op_value_set_time (OP_TYPE_NSEC, time, bytes);
  g_byte_array_append (builder->bytes, bytes, sizeof bytes);
}

static void
put_text (OpTableBuilder *builder, const char *text)
{
  g_byte_array_append (builder->bytes, (const guint8 *) text, strlen (text) + 1);
}

OpTableBuilder *
op_table_builder_new (const char *name, guint32 size, OpType time_type, OpTime into, OpTime interval)
{
  OpTableBuilder *builder = g_new0 (OpTableBuilder, 1);

  builder->bytes = g_byte_array_new ();
  put_text (builder, name);
  put_uint4 (builder, size);
  put_byte (builder, time_type);
  put_nsec (builder, into);
  put_nsec (builder, interval);
  return builder;
}

void
op_table_builder_add_field (OpTableBuilder *builder, OpType type, gboolean read_only, const char *name,
                            const char *processing, const char *units, const guint32 *sub_dims, guint n_sub_dims)
{
  guint64 dimension = 1;

  for (guint i = 0; i < n_sub_dims; i++)
    dimension = MIN (dimension * sub_dims[i], G_MAXUINT32);
  put_byte (builder, (guint8) type | (read_only ? 0x80 : 0));
  put_text (builder, name);
  put_byte (builder, 0); /* no aliases */
  put_text (builder, processing);
  put_text (builder, units);
  put_text (builder, processing); /* what a real CR1000 has for a description (tests/fixtures) */
  put_uint4 (builder, 1);
  put_uint4 (builder, (guint32) dimension);
  for (guint i = 0; i < n_sub_dims; i++)
    put_uint4 (builder, sub_dims[i]);
  put_uint4 (builder, 0);
}

OpTable *
op_table_builder_finish (OpTableBuilder *builder, guint number, GError **error)
{
  g_autoptr (OpTableBuilder) owned = builder;
  g_autoptr (OpTable) table = NULL;
  gsize consumed;

  put_byte (builder, 0); /* end of the fields */
  table = op_table_parse (builder->bytes->data, builder->bytes->len, number, &consumed, error);
  if (table == NULL)
    return NULL;
  if (consumed != builder->bytes->len)
    {
      g_set_error (error, OP_TABLE_ERROR, OP_TABLE_ERROR_LIMIT, "“%s” has a field with a dimension of 0",
                   table->name);
      return NULL;
    }
  return g_steal_pointer (&table);
}

void
op_table_builder_free (OpTableBuilder *builder)
{
  g_byte_array_unref (builder->bytes);
  g_free (builder);
}
