/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/message-private.h"

/*
 * The messages as the manual's sections 2.2 and 2.3 list them, in its order and by its names. MsgType and
 * TranNbr begin each and are not repeated here. Groups, which the manual leaves unnamed, are named here.
 */

#define BYTE(field, ...)   { .name = field, .kind = PAK_FIELD_BYTE, ##__VA_ARGS__ }
#define UINT2(field, ...)  { .name = field, .kind = PAK_FIELD_UINT2, ##__VA_ARGS__ }
#define UINT4(field, ...)  { .name = field, .kind = PAK_FIELD_UINT4, ##__VA_ARGS__ }
#define BOOLEAN(field, ...) { .name = field, .kind = PAK_FIELD_BOOL, ##__VA_ARGS__ }
#define NSEC(field, ...)   { .name = field, .kind = PAK_FIELD_NSEC, ##__VA_ARGS__ }
#define ASCIIZ(field, ...) { .name = field, .kind = PAK_FIELD_ASCIIZ, ##__VA_ARGS__ }
#define BYTES(field, ...)  { .name = field, .kind = PAK_FIELD_BYTES, ##__VA_ARGS__ }
#define BITS(field, bits, ...) { .name = field, .kind = PAK_FIELD_BITS, .width = bits, ##__VA_ARGS__ }
#define GROUP(field, members, ...)                                                                                  \
  { .name = field, .kind = PAK_FIELD_GROUP, .fields = members, .n_fields = G_N_ELEMENTS (members), ##__VA_ARGS__ }

#define OPTIONAL           .presence = PAK_PRESENT_OPTIONAL
#define IS(value)          (1u << (value))
#define IF(field, bits)    .presence = PAK_PRESENT_IF, .selector = field, .values = bits
/* An answer that refuses may end behind its code, but some go on all the same (pakbus-facts G1, G3). */
#define IF_DONE            .presence = PAK_PRESENT_DONE, .selector = "RespCode", .values = IS (0)
#define IF_SUCCEEDED       .presence = PAK_PRESENT_DONE, .selector = "Outcome", .values = IS (1)
#define SPAN               .is_span = TRUE
#define LENGTH(field)      .length_field = field
#define UNTIL_ZERO(bytes)  .terminator = bytes

/* 2.2.1 Delivery Failure */
static const PakFieldDesc delivery_failure[] = {
  BYTE ("ErrCode"),
  BITS ("HiProtoCode", 4),
  BITS ("DstPBAddr", 12),
  BITS ("HopCnt", 4),
  BITS ("SrcPBAddr", 12),
  BYTES ("MsgData", OPTIONAL),
};

/* 2.2.2 Hello */
static const PakFieldDesc hello[] = {
  BYTE ("IsRouter"),
  BYTE ("HopMetric"),
  UINT2 ("VerifyIntv"),
};

/* 2.2.5 Get Settings and Set Settings, of the CR200 */
static const PakFieldDesc get_settings_command[] = {
  ASCIIZ ("NameList"),
};

static const PakFieldDesc settings[] = {
  ASCIIZ ("Settings"),
};

static const PakFieldDesc set_settings_response[] = {
  BYTE ("RespCode"),
  UINT2 ("FailOffset", OPTIONAL),
};

/* 2.2.6.1 DevConfig Get Settings. Loggers answer a command without security code too (pakbus-facts J4). */
static const PakFieldDesc devconfig_get_command[] = {
  UINT2 ("SecurityCode", OPTIONAL),
  UINT2 ("BeginSettingId", OPTIONAL),
  UINT2 ("EndSettingId", OPTIONAL),
};

static const PakFieldDesc devconfig_setting_got[] = {
  UINT2 ("SettingId"),
  BITS ("LargeValue", 1),
  BITS ("ReadOnly", 1),
  BITS ("SettingLen", 14),
  BYTES ("SettingValue", LENGTH ("SettingLen")),
};

static const PakFieldDesc devconfig_get_response[] = {
  BYTE ("Outcome"),
  UINT2 ("DeviceType", IF_SUCCEEDED),
  BYTE ("MajorVersion"),
  BYTE ("MinorVersion"),
  BOOLEAN ("MoreSettings"),
  GROUP ("Settings", devconfig_setting_got),
};

/* 2.2.6.2 DevConfig Set Settings */
static const PakFieldDesc devconfig_setting_to_set[] = {
  UINT2 ("SettingId"),
  UINT2 ("SettingLen"),
  BYTES ("SettingValue", LENGTH ("SettingLen")),
};

static const PakFieldDesc devconfig_set_command[] = {
  UINT2 ("SecurityCode"),
  GROUP ("Settings", devconfig_setting_to_set),
};

static const PakFieldDesc devconfig_setting_outcome[] = {
  UINT2 ("SettingId"),
  BYTE ("SettingsOutcome"),
};

static const PakFieldDesc devconfig_set_response[] = {
  BYTE ("Outcome"),
  GROUP ("Settings", devconfig_setting_outcome),
};

/* 2.2.6.3 DevConfig Get Setting Fragment */
static const PakFieldDesc devconfig_get_fragment_command[] = {
  UINT2 ("SecurityCode"),
  UINT2 ("SettingId"),
  UINT4 ("Offset"),
};

static const PakFieldDesc devconfig_get_fragment_response[] = {
  BYTE ("Outcome"),
  BITS ("MoreFragments", 1, IF_SUCCEEDED),
  BITS ("FragmentSize", 15),
  BYTES ("FragmentData", LENGTH ("FragmentSize")),
};

/* 2.2.6.4 DevConfig Set Setting Fragment */
static const PakFieldDesc devconfig_set_fragment_command[] = {
  UINT2 ("SecurityCode"),
  UINT2 ("SettingId"),
  UINT4 ("FragmentOffset"),
  BITS ("MoreFragments", 1),
  BITS ("FragmentLen", 15),
  BYTES ("FragmentData", LENGTH ("FragmentLen")),
};

static const PakFieldDesc outcome[] = {
  BYTE ("Outcome"),
};

/* 2.2.6.5 DevConfig Control */
static const PakFieldDesc devconfig_control_command[] = {
  UINT2 ("SecurityCode"),
  BYTE ("Action"),
};

/* Echo is not in the manual (pakbus-facts C8): the answer puts its time over the first eight bytes. */
static const PakFieldDesc echo_command[] = {
  BYTES ("EchoData"),
};

static const PakFieldDesc echo_response[] = {
  NSEC ("Time"),
  BYTES ("EchoData"),
};

/* 2.3.1 Please Wait */
static const PakFieldDesc please_wait[] = {
  BYTE ("CmdMsgType"),
  UINT2 ("WaitSec"),
};

/* 2.3.2 Clock */
static const PakFieldDesc clock_command[] = {
  UINT2 ("SecurityCode"),
  NSEC ("Adjustment", SPAN),
};

static const PakFieldDesc clock_response[] = {
  BYTE ("RespCode"),
  NSEC ("OldTime", IF_DONE),
};

/* 2.3.3.1 File Download, to the logger */
static const PakFieldDesc file_download_command[] = {
  UINT2 ("SecurityCode"),
  ASCIIZ ("FileName"),
  BYTE ("Attribute"),
  BYTE ("CloseFlag"),
  UINT4 ("FileOffset"),
  BYTES ("FileData", OPTIONAL),
};

static const PakFieldDesc file_download_response[] = {
  BYTE ("RespCode"),
  UINT4 ("FileOffset", IF_DONE),
};

/* 2.3.3.2 File Upload, from the logger */
static const PakFieldDesc file_upload_command[] = {
  UINT2 ("SecurityCode"),
  ASCIIZ ("FileName"),
  BYTE ("CloseFlag"),
  UINT4 ("FileOffset"),
  UINT2 ("Swath"),
};

static const PakFieldDesc file_upload_response[] = {
  BYTE ("RespCode"),
  UINT4 ("FileOffset", IF_DONE),
  BYTES ("FileData", OPTIONAL),
};

/* 2.3.3.4 File Control. Moving and copying name a second file (pakbus-facts G3). */
static const PakFieldDesc file_control_command[] = {
  UINT2 ("SecurityCode"),
  ASCIIZ ("FileName"),
  BYTE ("FileCmd"),
  ASCIIZ ("FileName2", OPTIONAL),
};

static const PakFieldDesc file_control_response[] = {
  BYTE ("RespCode"),
  UINT2 ("HoldOff", IF_DONE),
};

/* 2.3.3.5 Get Programming Statistics */
static const PakFieldDesc programming_statistics_command[] = {
  UINT2 ("SecurityCode"),
};

static const PakFieldDesc programming_statistics_response[] = {
  BYTE ("RespCode"),
  ASCIIZ ("OSVer", IF_DONE),
  UINT2 ("OSSig"),
  ASCIIZ ("SerialNbr"),
  ASCIIZ ("PowUpProg"),
  BYTE ("CompState"),
  ASCIIZ ("ProgName"),
  UINT2 ("ProgSig"),
  NSEC ("CompTime"),
  ASCIIZ ("CompResult"),
};

/* 2.3.4.3 Collect Data. Which of P1 and P2 there are, and their type, is the mode's (pakbus-facts E1). */
static const PakFieldDesc collect_field[] = {
  UINT2 ("FieldNbr"),
};

static const PakFieldDesc collect_table[] = {
  UINT2 ("TableNbr"),
  UINT2 ("TableDefSig"),
  UINT4 ("P1", IF ("CollectMode", IS (4) | IS (5) | IS (6) | IS (8))),
  UINT4 ("P2", IF ("CollectMode", IS (6) | IS (8))),
  NSEC ("P1", IF ("CollectMode", IS (7))),
  NSEC ("P2", IF ("CollectMode", IS (7))),
  GROUP ("Fields", collect_field, UNTIL_ZERO (2)),
};

static const PakFieldDesc collect_command[] = {
  UINT2 ("SecurityCode"),
  BYTE ("CollectMode"),
  GROUP ("Tables", collect_table),
};

/* What follows the code is read by collect.c, which knows the table. */
static const PakFieldDesc collect_response[] = {
  BYTE ("RespCode"),
  BYTES ("Records", IF_DONE),
};

/* TimeOfRec, whose type the table definition tells, is left in RecFrag. */
static const PakFieldDesc collect_block[] = {
  UINT2 ("TableNbr"),
  UINT4 ("BegRecNbr"),
  BITS ("IsOffset", 1),
  BITS ("NbrOfRecs", 15, IF ("IsOffset", IS (0))),
  BITS ("ByteOffset", 31, IF ("IsOffset", IS (1))),
  BYTES ("RecFrag"),
};

/* 2.3.4.4 One-Way Data. The manual's table forgets TblInterval, which table definitions (2.3.4.2) have. */
static const PakFieldDesc definition_alias[] = {
  ASCIIZ ("AliasName"),
};

static const PakFieldDesc definition_sub_dim[] = {
  UINT4 ("SubDim"),
};

static const PakFieldDesc definition_field[] = {
  BITS ("ReadOnly", 1),
  BITS ("FieldType", 7),
  ASCIIZ ("FieldName"),
  GROUP ("Aliases", definition_alias, UNTIL_ZERO (1)),
  ASCIIZ ("Processing"),
  ASCIIZ ("Units"),
  ASCIIZ ("Description"),
  UINT4 ("BegIdx"),
  UINT4 ("Dimension"),
  GROUP ("SubDims", definition_sub_dim, UNTIL_ZERO (4)),
};

static const PakFieldDesc one_way_table_definition[] = {
  UINT2 ("TableNbr"),
  ASCIIZ ("TableName"),
  UINT4 ("TableSize"),
  BYTE ("TimeType"),
  NSEC ("TblTimeInto", SPAN),
  NSEC ("TblInterval", SPAN),
  GROUP ("Fields", definition_field, UNTIL_ZERO (1)),
};

/* RecFrag begins with TimeOfRec, whose type the table definition tells. */
static const PakFieldDesc one_way_data[] = {
  UINT2 ("TableNbr"),
  UINT2 ("TableDefSig"),
  UINT4 ("RecNbr"),
  BITS ("IsOffset", 1),
  BITS ("NbrOfRecs", 15, IF ("IsOffset", IS (0))),
  BITS ("ByteOffset", 31, IF ("IsOffset", IS (1))),
  BYTES ("RecFrag"),
};

/* 2.3.4.5 Table Control. The manual's table forgets TableName (pakbus-facts M7). */
static const PakFieldDesc table_control_command[] = {
  UINT2 ("SecurityCode"),
  BYTE ("CtrlOption"),
  ASCIIZ ("TableName", OPTIONAL),
};

static const PakFieldDesc response_code[] = {
  BYTE ("RespCode"),
};

/* 2.3.4.6 Get Values and Set Values */
static const PakFieldDesc get_values_command[] = {
  UINT2 ("SecurityCode"),
  ASCIIZ ("TableName"),
  BYTE ("TypeCode"),
  ASCIIZ ("FieldName"),
  UINT2 ("Swath"),
};

static const PakFieldDesc get_values_response[] = {
  BYTE ("RespCode"),
  BYTES ("Values", OPTIONAL),
};

static const PakFieldDesc set_values_command[] = {
  UINT2 ("SecurityCode"),
  ASCIIZ ("TableName"),
  BYTE ("TypeCode"),
  ASCIIZ ("FieldName"),
  UINT2 ("Swath"),
  BYTES ("Values", OPTIONAL),
};

/* Code 21, done but the logger restarts, tells in how many seconds (pakbus-facts H2). */
static const PakFieldDesc set_values_response[] = {
  BYTE ("RespCode"),
  UINT2 ("HoldOff", OPTIONAL),
};

#define PAKCTRL(code, title, table) { title, PAK_PROTOCOL_PAKCTRL, code, table, G_N_ELEMENTS (table) }
#define BMP5(code, title, table)    { title, PAK_PROTOCOL_BMP5, code, table, G_N_ELEMENTS (table) }

const PakMessageDesc pak_message_descs[] = {
  PAKCTRL (0x81, "Delivery Failure", delivery_failure),
  PAKCTRL (0x09, "Hello Command", hello),
  PAKCTRL (0x89, "Hello Response", hello),
  { "Hello Request", PAK_PROTOCOL_PAKCTRL, 0x0E, NULL, 0 },
  { "Bye", PAK_PROTOCOL_PAKCTRL, 0x0D, NULL, 0 },
  PAKCTRL (0x07, "Get Settings Command", get_settings_command),
  PAKCTRL (0x87, "Get Settings Response", settings),
  PAKCTRL (0x08, "Set Settings Command", settings),
  PAKCTRL (0x88, "Set Settings Response", set_settings_response),
  PAKCTRL (0x0F, "DevConfig Get Settings Command", devconfig_get_command),
  PAKCTRL (0x8F, "DevConfig Get Settings Response", devconfig_get_response),
  PAKCTRL (0x10, "DevConfig Set Settings Command", devconfig_set_command),
  PAKCTRL (0x90, "DevConfig Set Settings Response", devconfig_set_response),
  PAKCTRL (0x11, "DevConfig Get Setting Fragment Command", devconfig_get_fragment_command),
  PAKCTRL (0x91, "DevConfig Get Setting Fragment Response", devconfig_get_fragment_response),
  PAKCTRL (0x12, "DevConfig Set Setting Fragment Command", devconfig_set_fragment_command),
  PAKCTRL (0x92, "DevConfig Set Setting Fragment Response", outcome),
  PAKCTRL (0x13, "DevConfig Control Command", devconfig_control_command),
  PAKCTRL (0x93, "DevConfig Control Response", outcome),
  PAKCTRL (0x05, "Echo Command", echo_command),
  PAKCTRL (0x85, "Echo Response", echo_response),
  BMP5 (0xA1, "Please Wait", please_wait),
  BMP5 (0x17, "Clock Command", clock_command),
  BMP5 (0x97, "Clock Response", clock_response),
  BMP5 (0x1C, "File Download Command", file_download_command),
  BMP5 (0x9C, "File Download Response", file_download_response),
  BMP5 (0x1D, "File Upload Command", file_upload_command),
  BMP5 (0x9D, "File Upload Response", file_upload_response),
  BMP5 (0x1E, "File Control Command", file_control_command),
  BMP5 (0x9E, "File Control Response", file_control_response),
  BMP5 (0x18, "Get Programming Statistics Command", programming_statistics_command),
  BMP5 (0x98, "Get Programming Statistics Response", programming_statistics_response),
  BMP5 (0x09, "Collect Data Command", collect_command),
  BMP5 (0x89, "Collect Data Response", collect_response),
  BMP5 (0x20, "One-Way Table Definition", one_way_table_definition),
  BMP5 (0x14, "One-Way Data", one_way_data),
  BMP5 (0x19, "Table Control Command", table_control_command),
  BMP5 (0x99, "Table Control Response", response_code),
  BMP5 (0x1A, "Get Values Command", get_values_command),
  BMP5 (0x9A, "Get Values Response", get_values_response),
  BMP5 (0x1B, "Set Values Command", set_values_command),
  BMP5 (0x9B, "Set Values Response", set_values_response),
};

const guint pak_n_message_descs = G_N_ELEMENTS (pak_message_descs);

const PakMessageDesc pak_collect_block_desc = BMP5 (0x89, "Collect Data Response", collect_block);
