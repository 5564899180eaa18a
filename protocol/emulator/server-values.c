/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

/* What a message holds besides type, transaction and code. */
#define MAX_VALUES_SIZE (PAK_MESSAGE_MAX - 3)

/* What a Get or Set Values command speaks of. */
typedef struct
{
  OpVirtualTable *table;
  const OpField  *field;
  guint           element;
  OpType          type; /* in the message */
  guint           swath;
} Swath;

/* "Soil_T(3)"; "Soil_T" is its first element; "StationName(1)" is what no array is, too. */
static gint
find_column (const OpTable *definition, const char *name)
{
  g_autofree char *with_index = g_strconcat (name, "(1)", NULL);
  g_autofree char *without_index = g_str_has_suffix (name, "(1)") ? g_strndup (name, strlen (name) - 3) : NULL;
  gint column = op_table_find_column (definition, name);

  if (column < 0)
    column = op_table_find_column (definition, with_index);
  if (column < 0 && without_index != NULL)
    column = op_table_find_column (definition, without_index);
  return column;
}

static guint
check_conversion (const Swath *swath)
{
  OpType stored = swath->field->type;

  if ((swath->type == OP_TYPE_ASCII) != (stored == OP_TYPE_ASCII))
    return OP_CODE_CONVERSION;
  if (op_type_size (swath->type) == 0 || op_type_kind (swath->type) != op_type_kind (stored))
    return OP_CODE_CONVERSION;
  return OP_CODE_COMPLETE;
}

/* A swath of text counts characters. */
static guint
check_bounds (const Swath *swath)
{
  const OpField *field = swath->field;
  guint n_left = field->type == OP_TYPE_ASCII ? field->dimension - swath->element * field->element_size
                                              : field->n_elements - swath->element;

  if (swath->swath > n_left || swath->swath * op_type_size (swath->type) > MAX_VALUES_SIZE)
    return OP_CODE_BOUNDS;
  return OP_CODE_COMPLETE;
}

static guint
find_swath (OpVirtualStation *station, const PakMessage *command, Swath *swath)
{
  guint type = pak_message_get_uint (command, "TypeCode");
  guint code;
  gint column;

  swath->table = op_virtual_station_find_table (station, pak_message_get_text (command, "TableName"));
  if (swath->table == NULL)
    return OP_CODE_NAME;
  column = find_column (swath->table->definition, pak_message_get_text (command, "FieldName"));
  if (column < 0)
    return OP_CODE_NAME;
  if (!op_type_is_known (type))
    return OP_CODE_CONVERSION;
  swath->field = op_table_get_column (swath->table->definition, column, &swath->element);
  swath->type = type;
  swath->swath = pak_message_get_uint (command, "Swath");
  code = check_conversion (swath);
  return code != OP_CODE_COMPLETE ? code : check_bounds (swath);
}

static gboolean
convert_value (OpType from, const guint8 *source, OpType to, guint8 *target)
{
  double number;

  if (op_type_kind (from) == OP_KIND_TIME)
    {
      op_value_set_time (to, op_value_get_time (from, source), target);
      return TRUE;
    }
  number = op_value_get_number (from, source);
  if (op_type_is_boolean (to))
    number = number != 0 ? -1 : 0;
  return op_value_set_number (to, number, target, NULL);
}

/* Converts @count values that stand one after the other. */
static guint
convert_values (OpType from, const guint8 *source, OpType to, guint8 *target, guint count)
{
  if (from == OP_TYPE_ASCII)
    {
      if (count > 0)
        memcpy (target, source, count);
      return OP_CODE_COMPLETE;
    }
  for (guint i = 0; i < count; i++)
    if (!convert_value (from, source + i * op_type_size (from), to, target + i * op_type_size (to)))
      return OP_CODE_CONVERSION;
  return OP_CODE_COMPLETE;
}

static gsize
get_offset (const Swath *swath)
{
  return swath->field->offset + swath->element * swath->field->element_size;
}

gint64
op_server_get_values (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                      PakMessage *response)
{
  g_autofree guint8 *record = NULL;
  guint8 values[MAX_VALUES_SIZE];
  guint64 oldest, next;
  Swath swath;
  guint code;

  if (!op_server_check_access (station, OP_ACCESS_READ, command, response))
    return 0;
  code = find_swath (station, command, &swath);
  if (code == OP_CODE_COMPLETE)
    {
      op_virtual_table_get_span (swath.table, &oldest, &next);
      record = g_malloc0 (swath.table->definition->record_size);
      if (next > oldest)
        swath.table->fill (station, swath.table, next - 1, op_virtual_table_get_time (swath.table, next - 1), record);
      code = convert_values (swath.field->type, record + get_offset (&swath), swath.type, values, swath.swath);
    }
  pak_message_set_uint (response, "RespCode", code);
  if (code == OP_CODE_COMPLETE)
    pak_message_set_bytes (response, "Values", values, swath.swath * op_type_size (swath.type));
  return 0;
}

static guint
set_variables (OpVirtualStation *station, const Swath *swath, const guint8 *values, gsize length)
{
  gsize size = swath->swath * swath->field->element_size;
  g_autofree guint8 *converted = NULL;
  guint code;

  if (length != swath->swath * op_type_size (swath->type))
    return OP_CODE_BOUNDS;
  if (swath->type == OP_TYPE_ASCII)
    size = swath->swath;
  converted = g_malloc0 (size + 1);
  code = convert_values (swath->type, values, swath->field->type, converted, swath->swath);
  /* All or nothing. */
  if (code == OP_CODE_COMPLETE)
    memcpy (station->variables + get_offset (swath), converted, size);
  return code;
}

/* The station's name, as any text of Public; a swath of characters from its first on. */
static guint
set_station_name (OpVirtualStation *station, const guint8 *values, gsize length)
{
  g_free (station->name);
  station->name = g_strndup ((const char *) values, length);
  return OP_CODE_COMPLETE;
}

/* A logger takes its new address when it starts anew, and does so by itself. */
static guint
set_address (OpVirtualStation *station, const Swath *swath, const guint8 *values)
{
  double address = op_value_get_number (swath->type, values);

  if (!(address >= 1 && address < PAK_BROADCAST) || address != (guint16) address)
    return OP_CODE_BOUNDS;
  station->next_address = (guint16) address;
  station->restart = OP_RESTART_REBOOT;
  return OP_CODE_RESTARTS;
}

/* Of Status two fields are settings; what else can be written there is no business of a client. */
static guint
set_status (OpVirtualStation *station, const Swath *swath, const guint8 *values, gsize length)
{
  if (length != swath->swath * op_type_size (swath->type) || length == 0)
    return OP_CODE_BOUNDS;
  if (g_str_equal (swath->field->name, "StationName"))
    return set_station_name (station, values, length);
  if (g_str_equal (swath->field->name, "PakBusAddress"))
    return set_address (station, swath, values);
  return OP_CODE_PERMISSION;
}

static guint
apply (OpVirtualStation *station, const Swath *swath, const PakMessage *command)
{
  gsize length = 0;
  const guint8 *values = pak_message_get_bytes (command, "Values", &length);

  if (swath->table == station->public_table)
    return set_variables (station, swath, values, length);
  if (swath->field->read_only || swath->table->stored)
    return OP_CODE_PERMISSION;
  return set_status (station, swath, values, length);
}

/* What is measured is soon measured anew. */
gint64
op_server_set_values (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                      PakMessage *response)
{
  Swath swath = { NULL };
  guint code = find_swath (station, command, &swath);
  OpAccess access = swath.table == station->public_table ? OP_ACCESS_CHANGE : OP_ACCESS_PROGRAM;

  if (!op_server_check_access (station, access, command, response))
    return 0;
  if (code == OP_CODE_COMPLETE)
    code = apply (station, &swath, command);
  pak_message_set_uint (response, "RespCode", code);
  if (code == OP_CODE_RESTARTS)
    pak_message_set_uint (response, "HoldOff", station->hold_off);
  if (code == OP_CODE_COMPLETE || code == OP_CODE_RESTARTS)
    station->n_applied[OP_APPLIED_VALUES]++;
  return 0;
}
