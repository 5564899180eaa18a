/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

#include "protocol/pakbus/collect.h"

/* What a message holds besides type, transaction, code and MoreRecsExist. */
#define MAX_BLOCKS         (PAK_MESSAGE_MAX - 4)
#define BLOCK_HEAD         8
#define FRAGMENT_HEAD      10
#define MAX_RECORDS        0x7FFF

enum
{
  MODE_ALL = 3,
  MODE_FROM = 4,
  MODE_NEWEST = 5,
  MODE_BETWEEN = 6,
  MODE_TIMES = 7,
  MODE_FRAGMENT = 8,
};

/* What one table shall give: records from @first up to, without, @end, all held; of each the fields listed. */
typedef struct
{
  OpVirtualTable *table;
  guint64         first;
  guint64         end;
  gboolean        others;   /* further on there are more of the times asked for */
  guint32         offset;   /* into the one record, for a fragment */
  gboolean       *fields;   /* by place in the definition; NULL: all */
  gsize           values_size;
} Request;

static void
request_clear (Request *request)
{
  g_free (request->fields);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static gsize
get_field_size (const OpField *field)
{
  return field->type == OP_TYPE_ASCII ? field->dimension : field->n_elements * field->element_size;
}

/* The list may come in any order: the answer has the table's (pakbus-facts E6). */
static gboolean
read_fields (const PakMessage *group, Request *request)
{
  const OpTable *definition = request->table->definition;
  guint n_fields = pak_message_get_n_groups (group, "Fields");

  request->values_size = definition->record_size;
  if (n_fields == 0)
    return TRUE;

  request->values_size = 0;
  request->fields = g_new0 (gboolean, definition->n_fields);
  for (guint i = 0; i < n_fields; i++)
    {
      guint number = pak_message_get_uint (pak_message_get_group (group, "Fields", i), "FieldNbr");

      if (number < 1 || number > definition->n_fields || request->fields[number - 1])
        return FALSE;
      request->fields[number - 1] = TRUE;
      request->values_size += get_field_size (&definition->fields[number - 1]);
    }
  return TRUE;
}

static void
read_records (guint mode, const PakMessage *group, Request *request)
{
  guint64 p1 = mode == MODE_TIMES ? 0 : pak_message_get_uint (group, "P1");
  guint64 p2 = mode == MODE_TIMES ? 0 : pak_message_get_uint (group, "P2");
  guint64 oldest, next, count;

  op_virtual_table_get_span (request->table, &oldest, &next);
  request->first = oldest;
  request->end = next;
  switch (mode)
    {
    case MODE_FROM:
      /* Neither held nor the next to come: from the oldest on (manual 2.3.4.3). */
      if (p1 >= oldest && p1 <= next)
        request->first = p1;
      break;
    case MODE_NEWEST:
      request->first = next - MIN (p1, next - oldest);
      break;
    case MODE_BETWEEN:
      request->first = CLAMP (p1, oldest, next);
      request->end = MAX (request->first, CLAMP (p2, oldest, next));
      break;
    case MODE_TIMES:
      request->others = op_virtual_table_find (request->table, pak_message_get_time (group, "P1"),
                                               pak_message_get_time (group, "P2"), &request->first, &count);
      request->end = request->first + count;
      break;
    case MODE_FRAGMENT:
      request->first = CLAMP (p1, oldest, next);
      request->end = p1 >= oldest && p1 < next ? request->first + 1 : request->first;
      request->offset = p2;
      break;
    default:
      break;
    }
}

static guint
read_request (OpVirtualStation *station, guint mode, const PakMessage *group, Request *request)
{
  request->table = op_virtual_station_get_table (station, pak_message_get_uint (group, "TableNbr"));
  if (request->table == NULL
      || request->table->definition->signature != pak_message_get_uint (group, "TableDefSig"))
    return OP_CODE_DEFINITION;
  if (!read_fields (group, request))
    return OP_CODE_NAME;
  read_records (mode, group, request);
  return OP_CODE_COMPLETE;
}

/* Appends the record's values, and its stamp if @with_stamp. */
static void
append_record (OpVirtualStation *station, const Request *request, guint64 record, gboolean with_stamp,
               GByteArray *payload)
{
  const OpTable *definition = request->table->definition;
  OpTime time = op_virtual_table_get_time (request->table, record);
  guint start = payload->len;
  guint stamp_size = with_stamp ? definition->stamp_size : 0;
  guint8 *values;

  g_byte_array_set_size (payload, start + stamp_size + definition->record_size);
  if (with_stamp)
    op_value_set_time (definition->time_type, time, payload->data + start);
  values = payload->data + start + stamp_size;
  request->table->fill (station, request->table, record, time, values);
  if (request->fields == NULL)
    return;
  for (guint i = 0; i < definition->n_fields; i++)
    if (request->fields[i])
      {
        gsize size = get_field_size (&definition->fields[i]);

        memmove (values, payload->data + start + stamp_size + definition->fields[i].offset, size);
        values += size;
      }
  g_byte_array_set_size (payload, values - payload->data);
}

/* Returns: whether more of the record follows. */
static gboolean
append_fragment (OpVirtualStation *station, const Request *request, GByteArray *out)
{
  g_autoptr (GByteArray) record = g_byte_array_new ();
  gsize size = MIN (station->max_response, MAX_BLOCKS - FRAGMENT_HEAD);
  PakCollectBlock block = { .table_number = request->table->definition->number, .first = request->first,
                            .is_offset = TRUE, .byte_offset = request->offset };

  append_record (station, request, request->first, TRUE, record);
  if (request->offset >= record->len)
    block = (PakCollectBlock) { .table_number = block.table_number, .first = block.first };
  else
    {
      block.payload = record->data + request->offset;
      block.length = MIN (size, record->len - request->offset);
    }
  pak_collect_append (request->table->definition, &block, out);
  return request->offset + block.length < record->len;
}

/* How many records fit into @room bytes, that come one interval after the other. */
static guint64
count_records (const Request *request, gsize room)
{
  const OpVirtualTable *table = request->table;
  gsize stamp_size = table->definition->stamp_size;
  guint64 count = request->end - request->first;

  if (op_table_is_event (table->definition))
    count = MIN (count, room / (stamp_size + request->values_size));
  else
    count = MIN (count, (MAX (room, stamp_size) - stamp_size) / request->values_size);
  count = MIN (count, MAX_RECORDS);
  if (table->max_records > 0)
    count = MIN (count, table->max_records);
  if (!op_table_is_event (table->definition) && count > 0)
    count = op_virtual_table_get_run (table, request->first, count);
  return count;
}

/* Returns: whether more records of the request follow. */
static gboolean
append_records (OpVirtualStation *station, const Request *request, guint64 count, GByteArray *out)
{
  const OpTable *definition = request->table->definition;
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  PakCollectBlock block = { .table_number = definition->number, .first = request->first, .count = count };

  if (count > 0)
    block.first_time = op_virtual_table_get_time (request->table, request->first);
  for (guint64 i = 0; i < count; i++)
    append_record (station, request, request->first + i, op_table_is_event (definition), payload);
  block.payload = payload->data;
  block.length = payload->len;
  pak_collect_append (definition, &block, out);
  return request->first + count < request->end || request->others;
}

/* A response takes the larger of max_response bytes and one record; what no packet holds comes in fragments. */
static gboolean
append_block (OpVirtualStation *station, guint mode, const Request *request, GByteArray *out)
{
  gsize used = out->len;
  gsize limit = MIN (station->max_response, MAX_BLOCKS - BLOCK_HEAD);
  gsize one_record = request->table->definition->stamp_size + request->values_size;
  guint64 count;

  if (used + BLOCK_HEAD > MAX_BLOCKS)
    return TRUE;
  if (request->first == request->end)
    return append_records (station, request, 0, out);
  if (mode == MODE_FRAGMENT)
    return used > 0 || append_fragment (station, request, out);

  count = count_records (request, limit > used ? limit - used : 0);
  if (count == 0 && used > 0)
    return TRUE;
  if (count == 0 && one_record > MAX_BLOCKS - BLOCK_HEAD)
    {
      append_fragment (station, request, out);
      return TRUE;
    }
  return append_records (station, request, MAX (count, 1), out);
}

gint64
op_server_collect (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command, PakMessage *response)
{
  guint mode = pak_message_get_uint (command, "CollectMode");
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint code = OP_CODE_COMPLETE;
  gboolean more = FALSE;
  guint8 more_byte;

  if (!op_server_check_access (station, OP_ACCESS_READ, command, response))
    return 0;
  if (mode < MODE_ALL || mode > MODE_FRAGMENT)
    code = OP_CODE_OPTION;
  for (guint i = 0; i < pak_message_get_n_groups (command, "Tables") && code == OP_CODE_COMPLETE; i++)
    {
      g_auto (Request) request = { NULL };

      code = read_request (station, mode, pak_message_get_group (command, "Tables", i), &request);
      if (code == OP_CODE_COMPLETE)
        more |= append_block (station, mode, &request, out);
    }
  pak_message_set_uint (response, "RespCode", code);
  if (code != OP_CODE_COMPLETE)
    return 0;
  more_byte = more ? 0xFF : 0;
  g_byte_array_append (out, &more_byte, 1);
  pak_message_set_bytes (response, "Records", out->data, out->len);
  return 0;
}
