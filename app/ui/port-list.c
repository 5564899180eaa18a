/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/port-list.h"

#include <glib/gi18n.h>
#include <gudev/gudev.h>

struct _OpPort
{
  GObject parent_instance;

  char   *path;
  char   *title;
};

struct _OpPortList
{
  GObject      parent_instance;

  GUdevClient *client;
  GPtrArray   *ports; /* of OpPort, by path */
};

static void op_port_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (OpPort, op_port, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (OpPortList, op_port_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, op_port_list_iface_init))

static void
op_port_finalize (GObject *object)
{
  OpPort *self = OP_PORT (object);

  g_free (self->path);
  g_free (self->title);
  G_OBJECT_CLASS (op_port_parent_class)->finalize (object);
}

static void
op_port_class_init (OpPortClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_port_finalize;
}

static void
op_port_init (OpPort *self)
{
}

/* The kernel makes /dev/ttyS0 to ttyS3 whether or not there is a chip: those have type 0. Virtual consoles have
 * neither bus nor parent. */
static gboolean
is_real (GUdevDevice *device)
{
  g_autoptr (GUdevDevice) parent = g_udev_device_get_parent (device);

  if (g_udev_device_get_device_file (device) == NULL)
    return FALSE;
  if (g_udev_device_get_property (device, "ID_BUS") != NULL || g_udev_device_get_property (device, "ID_MODEL") != NULL)
    return TRUE;
  return parent != NULL && g_strcmp0 (g_udev_device_get_sysfs_attr (device, "type"), "0") != 0;
}

static char *
dup_title (GUdevDevice *device)
{
  const char *model = g_udev_device_get_property (device, "ID_MODEL");

  if (model == NULL)
    return g_strdup (_("Serial port"));
  return g_strdelimit (g_strdup (model), "_", ' ');
}

static OpPort *
create_port (GUdevDevice *device)
{
  OpPort *port = g_object_new (OP_TYPE_PORT, NULL);

  port->path = g_strdup (g_udev_device_get_device_file (device));
  port->title = dup_title (device);
  return port;
}

static gboolean
find_port (OpPortList *self, const char *path, guint *position)
{
  for (*position = 0; *position < self->ports->len; (*position)++)
    {
      int order = g_strcmp0 (((OpPort *) g_ptr_array_index (self->ports, *position))->path, path);

      if (order == 0)
        return TRUE;
      if (order > 0)
        return FALSE;
    }
  return FALSE;
}

static void
add_device (OpPortList *self, GUdevDevice *device)
{
  guint position;

  if (!is_real (device) || find_port (self, g_udev_device_get_device_file (device), &position))
    return;
  g_ptr_array_insert (self->ports, (gint) position, create_port (device));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

static void
on_uevent_cb (OpPortList *self, const char *action, GUdevDevice *device)
{
  guint position;

  if (g_str_equal (action, "add"))
    add_device (self, device);
  else if (g_str_equal (action, "remove") && find_port (self, g_udev_device_get_device_file (device), &position))
    {
      g_ptr_array_remove_index (self->ports, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
}

static GType
op_port_list_get_item_type (GListModel *model)
{
  return OP_TYPE_PORT;
}

static guint
op_port_list_get_n_items (GListModel *model)
{
  return OP_PORT_LIST (model)->ports->len;
}

static gpointer
op_port_list_get_item (GListModel *model, guint position)
{
  OpPortList *self = OP_PORT_LIST (model);

  return position < self->ports->len ? g_object_ref (g_ptr_array_index (self->ports, position)) : NULL;
}

static void
op_port_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = op_port_list_get_item_type;
  iface->get_n_items = op_port_list_get_n_items;
  iface->get_item = op_port_list_get_item;
}

static void
op_port_list_finalize (GObject *object)
{
  OpPortList *self = OP_PORT_LIST (object);

  g_object_unref (self->client);
  g_ptr_array_unref (self->ports);
  G_OBJECT_CLASS (op_port_list_parent_class)->finalize (object);
}

static void
op_port_list_class_init (OpPortListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = op_port_list_finalize;
}

static void
op_port_list_init (OpPortList *self)
{
  static const char *const subsystems[] = { "tty", NULL };
  GList *devices;

  self->ports = g_ptr_array_new_with_free_func (g_object_unref);
  self->client = g_udev_client_new (subsystems);
  g_signal_connect_object (self->client, "uevent", G_CALLBACK (on_uevent_cb), self, G_CONNECT_SWAPPED);
  devices = g_udev_client_query_by_subsystem (self->client, "tty");
  for (GList *item = devices; item != NULL; item = item->next)
    add_device (self, item->data);
  g_list_free_full (devices, g_object_unref);
}

OpPortList *
op_port_list_new (void)
{
  return g_object_new (OP_TYPE_PORT_LIST, NULL);
}

const char *
op_port_get_path (OpPort *self)
{
  return self->path;
}

const char *
op_port_get_title (OpPort *self)
{
  return self->title;
}
