/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/station-tables.h"

#define DEFAULT_RING_SIZE 1000000

OpTable *
op_virtual_station_define (const char *name, guint number, guint32 size, OpType time_type, OpTime interval,
                           const OpFieldSpec *fields, guint n_fields)
{
  OpTableBuilder *builder = op_table_builder_new (name, size, time_type, 0, interval);
  g_autoptr (GError) error = NULL;
  OpTable *table;

  for (guint i = 0; i < n_fields; i++)
    {
      guint32 dims[2];
      guint n_dims = 0;

      if (fields[i].rows > 0)
        dims[n_dims++] = fields[i].rows;
      if (fields[i].columns > 0)
        dims[n_dims++] = fields[i].columns;
      op_table_builder_add_field (builder, fields[i].type, fields[i].read_only, fields[i].name, fields[i].processing,
                                  fields[i].units, dims, n_dims);
    }
  table = op_table_builder_finish (builder, number, &error);
  if (table == NULL)
    g_error ("%s: %s", name, error->message);
  return table;
}

void
op_virtual_station_add_table (OpVirtualStation *station, OpVirtualTable *table, gboolean stored)
{
  table->stored = stored;
  table->default_size = table->definition->size;
  table->seed = station->seed;
  g_ptr_array_add (station->tables, table);
  g_assert (table->definition->number == station->tables->len);
}

static guint32
get_ring_size (const OpEmulatorOptions *options)
{
  if (options->ring_size > 0)
    return options->ring_size;
  return options->epoch == 0 ? DEFAULT_RING_SIZE : CLAMP (options->history, 1, G_MAXUINT32);
}

/* In the order of a CR1000's definitions: Status, the program's tables, Public. */
static void
make_cr1000_tables (OpVirtualStation *station, guint32 size, guint plain_columns, OpType plain_type)
{
  guint number = 1;

  op_virtual_station_add_table (station, op_virtual_station_make_status (station, number++, plain_columns > 0 ? 5 : 3),
                                FALSE);
  station->main_table = op_virtual_station_make_one_min (station, number++, size);
  op_virtual_station_add_table (station, station->main_table, TRUE);
  op_virtual_station_add_table (station, op_virtual_station_make_daily (station, number++, size), TRUE);
  op_virtual_station_add_table (station, op_virtual_station_make_events (station, number++, size), TRUE);
  if (plain_columns > 0)
    {
      op_virtual_station_add_table (station, op_virtual_station_make_plain (station, number++, size, plain_columns,
                                                                            plain_type), TRUE);
      op_virtual_station_add_table (station, op_virtual_station_make_big (station, number++, size), TRUE);
    }
  station->public_table = op_virtual_station_make_public (station, number++);
  op_virtual_station_add_table (station, station->public_table, FALSE);
}

/* The .TDF file: version, then the definitions as they are signed (manual 2.3.4.2). */
static void
join_definitions (OpVirtualStation *station)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "\1", 1);
  for (guint i = 0; i < station->tables->len; i++)
    {
      GBytes *definition = ((OpVirtualTable *) station->tables->pdata[i])->definition->definition;

      g_byte_array_append (file, g_bytes_get_data (definition, NULL), g_bytes_get_size (definition));
    }
  g_clear_pointer (&station->definitions, g_bytes_unref);
  station->definitions = g_byte_array_free_to_bytes (file);
}

void
op_virtual_station_make_tables (OpVirtualStation *station, const OpEmulatorOptions *options)
{
  station->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) op_virtual_table_free);
  if (station->model->is_small)
    op_virtual_station_make_cr200_tables (station, get_ring_size (options));
  else
    make_cr1000_tables (station, get_ring_size (options), options->plain_columns, options->plain_type);
  station->variables = g_malloc0 (station->public_table->definition->record_size);
  join_definitions (station);
}

void
op_virtual_station_reset_table (OpVirtualStation *station, OpVirtualTable *table)
{
  op_virtual_table_reset (table, station->clock);
  g_hash_table_remove_all (station->days);
}

void
op_virtual_station_resize_table (OpVirtualStation *station, OpVirtualTable *table, guint32 size)
{
  OpTable *old = table->definition;
  guint32 size_be = GUINT32_TO_BE (size);
  gsize length, consumed;
  g_autofree guint8 *bytes = NULL;

  if (size == old->size)
    return;
  bytes = g_bytes_unref_to_data (g_bytes_ref (old->definition), &length);
  memcpy (bytes + strlen (old->name) + 1, &size_be, sizeof size_be);
  table->definition = op_table_parse (bytes, length, old->number, &consumed, NULL);
  op_table_unref (old);
  op_virtual_station_reset_table (station, table);
  join_definitions (station);
}
