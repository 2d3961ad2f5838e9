# The smallest application of Rails around the controller of a receiver.
require 'rails'
require 'action_controller/railtie'

class Host < Rails::Application
  config.eager_load = false
  config.hosts.clear
  config.logger = Logger.new($stdout)
  config.secret_key_base = 'unused'
  routes.append { post '/webhooks', to: 'webhooks#create' }
end
Host.initialize!
require_relative 'app/controllers/webhooks_controller'
run Host
