/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/server.h"

#define DELIVERY_MESSAGE_MAX 16

/* The echo's answer has the time in place of these many bytes (pakbus-facts C8). */
#define ECHO_TIME_SIZE 8

#define TYPE_DELIVERY_FAILURE 0x81
#define TYPE_ANSWER           0x80

gboolean
op_server_check_access (OpVirtualStation *station, OpAccess access, const PakMessage *command, PakMessage *response)
{
  if (op_virtual_station_allows (station, access, pak_message_get_uint (command, "SecurityCode")))
    return TRUE;
  pak_message_set_uint (response, "RespCode", OP_CODE_PERMISSION);
  return FALSE;
}

/* The response repeats hop metric and verification interval as a captured CR1000 does (pakbus-facts B4). */
static gint64
answer_hello (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command, PakMessage *response)
{
  pak_message_set_uint (response, "IsRouter", station->is_router);
  pak_message_set_uint (response, "HopMetric", pak_message_get_uint (command, "HopMetric"));
  pak_message_set_uint (response, "VerifyIntv", pak_message_get_uint (command, "VerifyIntv"));
  return 0;
}

static gint64
answer_echo (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command, PakMessage *response)
{
  gsize length;
  const guint8 *data = pak_message_get_bytes (command, "EchoData", &length);
  gsize skip = MIN (length, ECHO_TIME_SIZE);

  pak_message_set_time (response, "Time", op_virtual_clock_now (station->clock));
  pak_message_set_bytes (response, "EchoData", data + skip, length - skip);
  return 0;
}

/* A CR200's ns word, which says nothing, as captured (vectors/pakbus.json: manual_clock_response). */
static const guint8 no_fraction[] = { 0xC8, 0x00, 0x00, 0x00 };

/* Clients send a negative adjustment with both parts negative or with floored seconds (pakbus-facts H3). */
static gint64
read_adjustment (const PakPacket *packet)
{
  gint32 parts[2];

  memcpy (parts, packet->message + 4, sizeof parts);
  return (gint32) GINT32_FROM_BE (parts[0]) * OP_SECOND + (gint32) GINT32_FROM_BE (parts[1]);
}

static gint64
answer_clock (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command, PakMessage *response)
{
  gint64 adjustment = read_adjustment (packet);

  if (station->model->is_small)
    adjustment = adjustment / OP_SECOND * OP_SECOND;
  if (!op_server_check_access (station, adjustment != 0 ? OP_ACCESS_CHANGE : OP_ACCESS_READ, command, response))
    return 0;
  pak_message_set_uint (response, "RespCode", OP_CODE_COMPLETE);
  pak_message_set_time (response, "OldTime", op_virtual_clock_now (station->clock));
  if (adjustment != 0)
    {
      op_virtual_clock_adjust (station->clock, adjustment);
      station->n_applied[OP_APPLIED_CLOCK]++;
    }
  return 0;
}

static gint64
answer_programming_statistics (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                               PakMessage *response)
{
  const OpVirtualFile *power_up = op_virtual_files_find_with (station->files, PAK_FILE_RUN_ON_POWER_UP);
  gint64 left_us;

  if (!op_server_check_access (station, OP_ACCESS_READ, command, response))
    return 0;
  pak_message_set_uint (response, "RespCode", OP_CODE_COMPLETE);
  pak_message_set_text (response, "OSVer", station->model->os);
  pak_message_set_uint (response, "OSSig", station->model->os_signature);
  pak_message_set_text (response, "SerialNbr", station->model->serial);
  pak_message_set_text (response, "PowUpProg", power_up != NULL ? power_up->name : "");
  pak_message_set_uint (response, "CompState", station->program_state);
  pak_message_set_text (response, "ProgName", station->program);
  pak_message_set_uint (response, "ProgSig", station->program_signature);
  pak_message_set_time (response, "CompTime", station->compiled);
  pak_message_set_text (response, "CompResult", station->compile_result);
  return op_virtual_station_is_compiling (station, &left_us) ? left_us : 0;
}

static const struct
{
  PakProtocol   protocol;
  guint8        type;
  OpServerFunc *handler;
  gboolean      is_large; /* not of a CR200 */
} handlers[] = {
  { PAK_PROTOCOL_PAKCTRL, 0x05, answer_echo, FALSE },
  { PAK_PROTOCOL_PAKCTRL, 0x07, op_server_get_named_settings, FALSE },
  { PAK_PROTOCOL_PAKCTRL, 0x08, op_server_set_named_settings, FALSE },
  { PAK_PROTOCOL_PAKCTRL, 0x09, answer_hello, FALSE },
  { PAK_PROTOCOL_PAKCTRL, 0x0F, op_server_get_settings, TRUE },
  { PAK_PROTOCOL_PAKCTRL, 0x10, op_server_set_settings, TRUE },
  { PAK_PROTOCOL_PAKCTRL, 0x11, op_server_get_fragment, TRUE },
  { PAK_PROTOCOL_PAKCTRL, 0x12, op_server_set_fragment, TRUE },
  { PAK_PROTOCOL_PAKCTRL, 0x13, op_server_control_settings, TRUE },
  { PAK_PROTOCOL_BMP5, 0x09, op_server_collect, FALSE },
  { PAK_PROTOCOL_BMP5, 0x17, answer_clock, FALSE },
  { PAK_PROTOCOL_BMP5, 0x18, answer_programming_statistics, FALSE },
  { PAK_PROTOCOL_BMP5, 0x19, op_server_control_table, TRUE },
  { PAK_PROTOCOL_BMP5, 0x1A, op_server_get_values, FALSE },
  { PAK_PROTOCOL_BMP5, 0x1B, op_server_set_values, FALSE },
  { PAK_PROTOCOL_BMP5, 0x1C, op_server_write_file, FALSE },
  { PAK_PROTOCOL_BMP5, 0x1D, op_server_read_file, FALSE },
  { PAK_PROTOCOL_BMP5, 0x1E, op_server_control_file, FALSE },
};

static OpServerFunc *
find_handler (const OpVirtualStation *station, PakProtocol protocol, guint8 type)
{
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (handlers[i].protocol == protocol && handlers[i].type == type
        && !(handlers[i].is_large && station->model->is_small))
      return handlers[i].handler;
  return NULL;
}

/* To what was broadcast, or is an answer itself, nobody says that it failed. */
void
op_server_fail (const PakPacket *packet, guint code, OpAnswer *answer)
{
  g_autoptr (PakMessage) failure = NULL;

  if (packet->dst_node == PAK_BROADCAST || packet->type >= TYPE_ANSWER)
    return;
  failure = pak_message_new (PAK_PROTOCOL_PAKCTRL, TYPE_DELIVERY_FAILURE, 0);
  pak_message_set_uint (failure, "ErrCode", code);
  pak_message_set_uint (failure, "HiProtoCode", packet->protocol);
  pak_message_set_uint (failure, "DstPBAddr", packet->dst_node);
  pak_message_set_uint (failure, "HopCnt", packet->hop_count);
  pak_message_set_uint (failure, "SrcPBAddr", packet->src_node);
  pak_message_set_bytes (failure, "MsgData", packet->message, MIN (packet->length, DELIVERY_MESSAGE_MAX));
  pak_message_encode (failure, answer->message);
  answer->protocol = PAK_PROTOCOL_PAKCTRL;
}

void
op_server_answer (OpVirtualStation *station, const PakPacket *packet, OpAnswer *answer)
{
  OpServerFunc *handler = find_handler (station, packet->protocol, packet->type);
  g_autoptr (PakMessage) command = NULL;
  g_autoptr (PakMessage) response = NULL;

  if (handler == NULL)
    {
      gboolean is_known = packet->protocol == PAK_PROTOCOL_PAKCTRL || packet->protocol == PAK_PROTOCOL_BMP5;

      op_server_fail (packet, is_known ? OP_DELIVERY_UNIMPLEMENTED : OP_DELIVERY_PROTOCOL, answer);
      return;
    }
  command = pak_message_decode (packet->protocol, packet->message, packet->length, NULL);
  if (command == NULL)
    {
      op_server_fail (packet, OP_DELIVERY_MALFORMED, answer);
      return;
    }
  response = pak_message_new (packet->protocol, packet->type | TYPE_ANSWER, packet->transaction);
  op_virtual_station_update (station);
  answer->protocol = packet->protocol;
  answer->work_us = handler (station, packet, command, response);
  if (answer->work_us == OP_SERVER_MALFORMED)
    op_server_fail (packet, OP_DELIVERY_MALFORMED, answer);
  else
    pak_message_encode (response, answer->message);
  if (handler == answer_clock && station->model->is_small)
    memcpy (answer->message->data + answer->message->len - sizeof no_fraction, no_fraction, sizeof no_fraction);
}
