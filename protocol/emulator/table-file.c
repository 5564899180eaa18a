/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/table-file.h"

#include "protocol/emulator/response-code.h"

/* A file has room for no more: older records leave it. */
#define MAX_RECORDS 1000

void
op_virtual_station_read_records (OpVirtualStation *station, OpVirtualTable *table, guint64 first, guint64 end,
                                 OpBatch *batch)
{
  const OpTable *definition = table->definition;
  gsize stamp_size = op_table_is_event (definition) ? definition->stamp_size : 0;
  gsize size = (end - first) * (stamp_size + definition->record_size);
  g_autofree guint8 *payload = g_malloc (size);
  g_autoptr (GError) error = NULL;
  guint8 *at = payload;

  for (guint64 record = first; record < end; record++)
    {
      OpTime time = op_virtual_table_get_time (table, record);

      if (stamp_size > 0)
        op_value_set_time (definition->time_type, time, at);
      table->fill (station, table, record, time, at + stamp_size);
      at += stamp_size + definition->record_size;
    }
  if (!op_batch_append_payload (batch, first, end - first, op_virtual_table_get_time (table, first), payload, size,
                                &error))
    g_error ("%s", error->message);
}

guint
op_virtual_station_roll_over (OpVirtualStation *station, OpVirtualTable *table)
{
  g_autofree char *name = g_strdup_printf ("CRD:%s%u.dat", table->definition->name, table->n_files);
  g_autoptr (OpDataOrigin) origin = op_virtual_station_get_origin (station);
  g_autoptr (OpBatch) batch = op_batch_new (table->definition, NULL, 0, MAX_RECORDS);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) content = NULL;
  guint64 oldest, next, first;
  guint code;

  op_virtual_table_get_span (table, &oldest, &next);
  first = MAX (MAX (oldest, table->file_first), next - MIN (next, MAX_RECORDS));
  while (first < next)
    {
      guint64 end = first + op_virtual_table_get_run (table, first, next - first);

      op_virtual_station_read_records (station, table, first, end, batch);
      first = end;
    }
  op_toa5_append_header (text, origin, table->definition);
  op_toa5_append_records (text, batch, 0, op_batch_get_n_records (batch));
  content = g_bytes_new (text->str, text->len);
  code = op_virtual_files_check (station->files, name, text->len);
  if (code != OP_CODE_COMPLETE)
    return code;
  op_virtual_files_store (station->files, name, content, op_virtual_clock_now (station->clock));
  table->file_first = next;
  table->n_files++;
  return OP_CODE_COMPLETE;
}
