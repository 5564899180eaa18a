/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** OpPort: a serial port of this computer. */
#define OP_TYPE_PORT (op_port_get_type ())
G_DECLARE_FINAL_TYPE (OpPort, op_port, OP, PORT, GObject)

/** "/dev/ttyUSB0" */
const char *op_port_get_path  (OpPort *self);
/** "FT232R USB UART", or "Serial port" when nothing tells more. */
const char *op_port_get_title (OpPort *self);

/** OpPortList: a GListModel of OpPort, kept current as cables are plugged and pulled. */
#define OP_TYPE_PORT_LIST (op_port_list_get_type ())
G_DECLARE_FINAL_TYPE (OpPortList, op_port_list, OP, PORT_LIST, GObject)

OpPortList *op_port_list_new (void);

G_END_DECLS
